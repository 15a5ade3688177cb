import {
  StatementType,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  type DuckDBVector,
} from '@duckdb/node-api';
import { StatementFailedError, StatementRefusedError, StatementTooLargeError } from './statement-errors.ts';
import type { ResultColumn } from './statement-protocol.ts';
import { describeType, hasNamelessFields } from './type-text.ts';
import { convertValue } from './value-converter.ts';

/** A result's rows as JSON text take at most this much. */
const maxResultBytes = 32 * 1024 * 1024;

/** Where an execution puts what it finds: the columns once, then JSON texts of lists of rows. */
export interface ResultSink {
  columns(columns: ResultColumn[]): void;
  rows(json: string): void;
}

/** Binds a checked statement without running it; throws what DuckDB throws. */
export async function checkStatement(
  connection: DuckDBConnection,
  statement: string,
): Promise<{ truncated: boolean; rowCount: number }> {
  (await prepareSelect(connection, statement)).destroySync();
  return { truncated: false, rowCount: 0 };
}

/**
 * Runs a checked statement and stops after `limit` rows; `truncated` says whether there are more. Throws what DuckDB throws,
 * or a `StatementTooLargeError` when the rows take more than 32 MiB.
 */
export async function executeStatement(
  connection: DuckDBConnection,
  { statement, limit }: { statement: string; limit: number },
  sink: ResultSink,
): Promise<{ truncated: boolean; rowCount: number }> {
  const result = await startStatement(connection, statement);
  sink.columns(describeColumns(result));
  let rowCount = 0;
  let bytes = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    // Each of these asks DuckDB, so they are read once per chunk and not once per row or cell.
    const chunkRows = chunk?.rowCount ?? 0;
    if (!chunk || chunkRows === 0) return { truncated: false, rowCount };
    const vectors = vectorsOf(chunk);
    const rows: string[] = [];
    for (let index = 0; index < chunkRows && rowCount < limit; index++, rowCount++) {
      const row = JSON.stringify(vectors.map((vector) => convertValue(vector.getItem(index))));
      bytes += Buffer.byteLength(row);
      if (bytes > maxResultBytes) throw resultTooLarge();
      rows.push(row);
    }
    if (rows.length > 0) sink.rows(`[${rows.join(',')}]`);
    if (rows.length < chunkRows) return { truncated: true, rowCount };
  }
}

/** The columns of a chunk. Each look-up asks DuckDB, so it is done once per chunk and not once per row or cell. */
export function vectorsOf(chunk: DuckDBDataChunk): DuckDBVector[] {
  return Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnVector(index));
}

/** Starts a checked statement; its rows come as they are asked for. */
export async function startStatement(connection: DuckDBConnection, statement: string): Promise<DuckDBResult> {
  const prepared = await prepareSelect(connection, statement);
  try {
    return await prepared.stream();
  } finally {
    prepared.destroySync();
  }
}

/** Prepares a checked statement, once more refusing what is not one SELECT; the caller destroys what it gets. */
export async function prepareSelect(connection: DuckDBConnection, statement: string): Promise<DuckDBPreparedStatement> {
  const extracted = await connection.extractStatements(statement);
  const prepared = await extracted.prepare(0);
  if (extracted.count === 1 && prepared.statementType === StatementType.SELECT) return prepared;
  prepared.destroySync();
  throw new StatementRefusedError('Only a SELECT can run here.');
}

/** The columns of a result; throws for one whose values JSON cannot tell apart. */
export function describeColumns(result: DuckDBResult): ResultColumn[] {
  return result.columnNames().map((name, index) => {
    const type = result.columnType(index);
    if (hasNamelessFields(type)) throw namelessFields(name);
    return { name, type: describeType(type) };
  });
}

function namelessFields(column: string): StatementFailedError {
  return new StatementFailedError(
    `The column ${column} holds rows without field names; name the fields, as in {'first': 1, 'second': 2}.`,
  );
}

function resultTooLarge(): StatementTooLargeError {
  return new StatementTooLargeError('The result takes more than 32 MiB; ask for fewer rows or columns, or export it.');
}
