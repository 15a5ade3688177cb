import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from './quote-name.ts';
import { inspectFile } from './instance.ts';
import { readValue } from './values.ts';

/**
 * What a cell of a foreign file holds: instants as `Date`, lists and structures as JSON text, whatever else is rare as text, and so times
 * that are no instant, such as `infinity`, or none that a `Date` can say.
 */
export type ForeignValue = string | number | bigint | boolean | Date | null;

/** A DuckDB file of another program, open for reading. */
export interface ForeignFile {
  /** The names of the columns by table, in lower case; a table outside the schema `main` has the name of its schema before its own. */
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
    const tables = await readTables(connection);
    return use({
      tables: new Map([...tables].map(([name, { columns }]) => [name, columns.map((column) => column.name)])),
      rows: (table) => readRows(connection, tables.get(table), given.timeZone),
    });
  });
}

interface Table {
  /** As it stands in a statement. */
  relation: string;
  columns: Column[];
}

interface Column {
  name: string;
  type: string;
}

async function readTables(connection: DuckDBConnection): Promise<Map<string, Table>> {
  const found = await connection.runAndReadAll(
    `select t.schema_name, t.table_name, c.column_name, c.data_type from duckdb_tables() t join duckdb_columns() c using (table_oid)
     where not t.internal order by t.schema_name, t.table_name, c.column_index`,
  );
  const tables = new Map<string, Table>();
  for (const [schema, table, name, type] of found.getRows().map((row) => row.map(String))) {
    const key = (schema === 'main' ? table! : `${schema}.${table}`).toLowerCase();
    const known = tables.get(key) ?? { relation: `${quoteName(schema!)}.${quoteName(table!)}`, columns: [] };
    known.columns.push({ name: name!.toLowerCase(), type: type! });
    tables.set(key, known);
  }
  return tables;
}

async function* readRows(
  connection: DuckDBConnection,
  table: Table | undefined,
  timeZone: string,
): AsyncIterable<Record<string, ForeignValue>[]> {
  if (!table) return;
  const places: Place[] = [];
  const cells: string[] = [];
  for (const column of table.columns) {
    places.push({ name: column.name, at: cells.length });
    cells.push(...cellsOf(column, timeZone));
  }
  const result = await connection.stream(`select ${cells.join(', ')} from ${table.relation}`);
  for await (const rows of result.yieldConvertedRows(readValue)) {
    yield (rows as ForeignValue[][]).map((values) => rowOf(places, values));
  }
}

/** Where the cells of a column begin. */
interface Place {
  name: string;
  at: number;
}

function rowOf(places: readonly Place[], values: readonly ForeignValue[]): Record<string, ForeignValue> {
  const row: Record<string, ForeignValue> = {};
  for (const [index, { name, at }] of places.entries()) {
    const hasText = (places[index + 1]?.at ?? values.length) > at + 1;
    row[name] = values[at] ?? (hasText ? values[at + 1]! : null);
  }
  return row;
}

/** What to select for a column: for a time also its text, where it is none that a `Date` can say. */
function cellsOf({ name, type }: Column, timeZone: string): string[] {
  const cell = quoteName(name);
  const isInstant = `(isfinite(${cell}) and year(${cell}) between -9999 and 99999)`;
  if (/^TIMESTAMP(_S|_MS|_NS)?$/.test(type)) {
    const local = `timezone('${timeZone.replaceAll("'", "''")}', ${cell}::timestamp)`;
    return [`case when ${isInstant} then ${local} end`, `case when not ${isInstant} then ${cell}::varchar end`];
  }
  if (type === 'TIMESTAMP WITH TIME ZONE') {
    return [`case when ${isInstant} then ${cell} end`, `case when not ${isInstant} then ${cell}::varchar end`];
  }
  if (/^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|VARCHAR)$/.test(type)) return [cell];
  return [/^(STRUCT|MAP|UNION)\(|\]$/.test(type) ? `to_json(${cell})::varchar` : `${cell}::varchar`];
}
