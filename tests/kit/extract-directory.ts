import { DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The first statement of most extracts: `_meta` as the predecessor has it. */
export const createMeta = `CREATE TABLE _meta (table_name VARCHAR NOT NULL, description VARCHAR, rows BIGINT,
  size_bytes BIGINT, extracted_at TIMESTAMP, query_mode VARCHAR DEFAULT 'local')`;

/** Writes `extract.duckdb` into `folder` by these statements, `$data` being its folder of Parquet files. */
export async function writeExtractDirectory(
  folder: string,
  statements: readonly string[],
  meta: string = createMeta,
): Promise<void> {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const instance = await DuckDBInstance.create(join(folder, 'extract.duckdb'));
  const connection = await instance.connect();
  try {
    for (const statement of [meta, ...statements, 'CHECKPOINT']) {
      if (statement !== '') await connection.run(statement.replaceAll('$data', join(folder, 'data')));
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
