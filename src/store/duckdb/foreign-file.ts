import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from './quote-name.ts';
import { inspectFile } from './instance.ts';
import { readValue } from './values.ts';

/** What a cell of a foreign file holds: instants as `Date`, lists and structures as JSON text, whatever else is rare as text. */
export type ForeignValue = string | number | bigint | boolean | Date | null;

/** A DuckDB file of another program, open for reading. */
export interface ForeignFile {
  /** The names of the columns by table. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** Every row of a table by the names of its columns, some thousand at once. */
  rows(table: string): AsyncIterable<Record<string, ForeignValue>[]>;
}

/**
 * Opens the file with its log while `use` runs, without changing a byte of either. Times without a zone are taken for local
 * ones of `timeZone`.
 */
export function readForeignFile<Result>(
  given: { file: string; timeZone: string },
  use: (foreign: ForeignFile) => Promise<Result>,
): Promise<Result> {
  return inspectFile(given.file, async (connection) => {
    const tables = await readColumns(connection);
    return use({
      tables: new Map([...tables].map(([name, columns]) => [name, columns.map((column) => column.name)])),
      rows: (table) => readRows(connection, { table, columns: tables.get(table) ?? [], timeZone: given.timeZone }),
    });
  });
}

interface Column {
  name: string;
  type: string;
}

async function readColumns(connection: DuckDBConnection): Promise<Map<string, Column[]>> {
  const found = await connection.runAndReadAll(
    `select t.table_name, c.column_name, c.data_type from duckdb_tables() t join duckdb_columns() c using (table_oid)
     where not t.internal and t.schema_name = 'main' order by t.table_name, c.column_index`,
  );
  const tables = new Map<string, Column[]>();
  for (const [table, name, type] of found.getRows()) {
    const columns = tables.get(String(table)) ?? [];
    tables.set(String(table), [...columns, { name: String(name), type: String(type) }]);
  }
  return tables;
}

async function* readRows(
  connection: DuckDBConnection,
  given: { table: string; columns: readonly Column[]; timeZone: string },
): AsyncIterable<Record<string, ForeignValue>[]> {
  if (given.columns.length === 0) return;
  const cells = given.columns.map((column) => `${cellOf(column, given.timeZone)} as ${quoteName(column.name)}`);
  const result = await connection.stream(`select ${cells.join(', ')} from ${quoteName(given.table)}`);
  for await (const rows of result.yieldConvertedRowObjects(readValue)) yield rows as Record<string, ForeignValue>[];
}

function cellOf({ name, type }: Column, timeZone: string): string {
  const cell = quoteName(name);
  if (/^TIMESTAMP(_S|_MS|_NS)?$/.test(type)) return `timezone('${timeZone.replaceAll("'", "''")}', ${cell}::timestamp)`;
  if (/^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|VARCHAR|TIMESTAMP WITH TIME ZONE)$/.test(type))
    return cell;
  return /[[(]/.test(type) && !type.startsWith('DECIMAL') ? `to_json(${cell})::varchar` : `${cell}::varchar`;
}
