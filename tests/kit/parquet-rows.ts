import { DuckDBInstance } from '@duckdb/node-api';

/** What DuckDB reads when it runs `sql` on a new in-memory instance, or on the database file `path`. */
export async function readRows(sql: string, path = ':memory:'): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(path, path === ':memory:' ? {} : { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The rows of a Parquet file, in its order. */
export function parquetRows(path: string): Promise<Record<string, unknown>[]> {
  return readRows(`SELECT * FROM read_parquet('${path}', hive_partitioning = false)`);
}
