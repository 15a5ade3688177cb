import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { describeColumns, startStatement, vectorsOf } from '../../engine/statement-execution.ts';
import { convertValue, type JsonValue } from '../../engine/value-converter.ts';
import type { Column } from '../output/rows.ts';

/** The first rows of a statement as they come; `truncated` says, once they were read, whether there are more. */
interface LocalRows {
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<JsonValue[]>;
  truncated: boolean;
}

/** Starts one SELECT; its values are those that the server answers. Throws what DuckDB throws, or a `Failure`. */
export async function startLocalRows(
  connection: DuckDBConnection,
  { statement, limit }: { statement: string; limit: number },
): Promise<LocalRows> {
  const result = await startStatement(connection, statement);
  const started: LocalRows = { columns: describeColumns(result), rows: read(), truncated: false };
  async function* read(): AsyncGenerator<JsonValue[], void> {
    let count = 0;
    for await (const row of rowsOf(result)) {
      if (count === limit) {
        started.truncated = true;
        return;
      }
      count += 1;
      yield row;
    }
  }
  return started;
}

async function* rowsOf(result: DuckDBResult): AsyncGenerator<JsonValue[], void> {
  for (;;) {
    const chunk = await result.fetchChunk();
    const chunkRows = chunk?.rowCount ?? 0;
    if (!chunk || chunkRows === 0) return;
    const vectors = vectorsOf(chunk);
    for (let index = 0; index < chunkRows; index += 1) {
      yield vectors.map((vector) => convertValue(vector.getItem(index)));
    }
  }
}
