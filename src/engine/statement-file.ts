import { open, type FileHandle } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteLiteral } from './identifier.ts';
import { parquetSelect } from './parquet-columns.ts';
import { csvLine, objectKeys, objectText } from './row-text.ts';
import { StatementRefusedError } from './statement-errors.ts';
import { describeColumns, prepareSelect, startStatement, vectorsOf } from './statement-execution.ts';
import type { TreeNode } from './statement-gate.ts';
import type { StatementParser } from './statement-parser.ts';
import type { ExportFormat } from './statement-protocol.ts';
import { convertValue } from './value-converter.ts';

/** Rows are written in pieces of about this many characters, so that wide rows do not pile up. */
const pieceLength = 1 << 20;

/** A statement that passed the gate as `tree`, and the new file for its rows. */
export interface FileOrder {
  statement: string;
  tree: TreeNode;
  parser: StatementParser;
  format: ExportFormat;
  path: string;
}

/**
 * Writes every row of a checked statement to a file, a chunk at a time. CSV and NDJSON hold the values that `sql` answers;
 * Parquet holds DuckDB's own types.
 */
export async function writeStatement(
  connection: DuckDBConnection,
  order: FileOrder,
): Promise<{ truncated: boolean; rowCount: number }> {
  const rowCount =
    order.format === 'parquet' ? await writeParquet(connection, order) : await writeText(connection, order);
  return { truncated: false, rowCount };
}

async function writeParquet(connection: DuckDBConnection, { path, ...order }: FileOrder): Promise<number> {
  const enclosed = await enclose(order);
  const prepared = await prepareSelect(connection, order.statement);
  let select: string;
  try {
    select = parquetSelect(prepared, enclosed);
  } finally {
    prepared.destroySync();
  }
  const copy = async (more: string) =>
    (
      await connection.run(
        `COPY (${select}) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false${more})`,
      )
    ).rowsChanged;
  // A row group stands in memory whole: wide rows need smaller ones, which cost narrow rows four times the time.
  return copy('').catch((error: unknown) => {
    if (!String(error).includes('Out of Memory Error')) throw error;
    return copy(', ROW_GROUP_SIZE 8192');
  });
}

/**
 * The statement in brackets, without a semicolon at its end. DuckDB's own parser must read the same tree between the brackets
 * as it read alone, so that no text can end them early.
 */
async function enclose({ statement, tree, parser }: Pick<FileOrder, 'statement' | 'tree' | 'parser'>): Promise<string> {
  const enclosed = `(\n${statement.replace(/[\s;]+$/, '')}\n)`;
  const root = await parser.parse(`FROM ${enclosed}`).catch(() => null);
  const source = root?.['from_table'] as { subquery?: { node?: TreeNode } } | undefined;
  if (textOfTree(source?.subquery?.node) === textOfTree(tree)) return enclosed;
  throw new StatementRefusedError('The statement cannot be exported as it stands; leave out semicolons and comments.');
}

/** Where things stood in the text is no part of what they mean. */
function textOfTree(tree: TreeNode | undefined): string {
  return JSON.stringify(tree ?? null, (key, value: unknown) => (key === 'query_location' ? undefined : value));
}

async function writeText(connection: DuckDBConnection, { statement, format, path }: FileOrder): Promise<number> {
  const file = await open(path, 'w', 0o600);
  try {
    return await writeRows(connection, { statement, format, file });
  } finally {
    await file.close();
  }
}

async function writeRows(
  connection: DuckDBConnection,
  { statement, format, file }: Pick<FileOrder, 'statement' | 'format'> & { file: FileHandle },
): Promise<number> {
  const result = await startStatement(connection, statement);
  const names = describeColumns(result).map(({ name }) => name);
  const keys = objectKeys(names);
  if (format === 'csv') await file.writeFile(csvLine(names));
  let rowCount = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    const chunkRows = chunk?.rowCount ?? 0;
    if (!chunk || chunkRows === 0) return rowCount;
    const vectors = vectorsOf(chunk);
    let text = '';
    for (let index = 0; index < chunkRows; index += 1) {
      const row = vectors.map((vector) => convertValue(vector.getItem(index)));
      text += format === 'csv' ? csvLine(row) : `${objectText(keys, row)}\n`;
      if (text.length < pieceLength) continue;
      await file.writeFile(text);
      text = '';
    }
    await file.writeFile(text);
    rowCount += chunkRows;
  }
}
