import { DuckDBInstance } from '@duckdb/node-api';
import { readRows } from './parquet-rows.ts';

/** A type of DuckDB and an expression of it. */
const values: Record<string, readonly [type: string, value: string]> = {
  truth: ['BOOLEAN', 'true'],
  i8: ['TINYINT', '-128'],
  i16: ['SMALLINT', '-32768'],
  i32: ['INTEGER', '-2147483648'],
  i64: ['BIGINT', '-9223372036854775808'],
  u8: ['UTINYINT', '255'],
  u16: ['USMALLINT', '65535'],
  u32: ['UINTEGER', '4294967295'],
  u64: ['UBIGINT', '18446744073709551615'],
  f32: ['FLOAT', '0.5'],
  f64: ['DOUBLE', '0.1'],
  small_decimal: ['DECIMAL(4,2)', "'12.34'"],
  decimal: ['DECIMAL(38,3)', "'12345678901234567890123456789012345.678'"],
  text: ['VARCHAR', '\'ě "š", 🦆\''],
  bytes: ['BLOB', "'\\x00\\xFF'::BLOB"],
  uuid: ['UUID', "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"],
  day: ['DATE', "'2024-02-29'"],
  hour: ['TIME', "'04:05:06.123456'"],
  at: ['TIMESTAMP', "'2024-02-03 04:05:06.123456'"],
  at_ns: ['TIMESTAMP_NS', "'2024-02-03 04:05:06.123456789'"],
  instant: ['TIMESTAMP WITH TIME ZONE', "'2024-02-03 04:05:06.5+02'"],
  json: ['JSON', `'{"a":[1.10,null]}'`],
  list: ['BIGINT[]', '[1, NULL]'],
  struct: ['STRUCT("a b" INTEGER, c VARCHAR[])', "{'a b': 1, 'c': ['x', NULL]}"],
  map: ['MAP(VARCHAR, INTEGER)', "MAP {'k': 1}"],
};

/** A row with a value of every type that Parquet holds as DuckDB has it. */
export const everyParquetType = {
  select: `SELECT ${Object.entries(values)
    .map(([name, [type, value]]) => `CAST(${value} AS ${type}) AS "${name}"`)
    .join(', ')}`,
  columns: Object.fromEntries(Object.entries(values).map(([name, [type]]) => [name, type])),
  /** As DuckDB tells the row that no file has held. */
  rows: () => readRows(everyParquetType.select),
};

/** Writes the rows of a SELECT to a Parquet file. */
export async function writeParquet(path: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
