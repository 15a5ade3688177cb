import { sql, type Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { schemaTable } from '../migrations.ts';

/** A value of the state as JSON: instants as RFC 3339 text, whole numbers as decimal text. */
export type CopiedValue = string | boolean | null;

/** One row of a table, by its columns. */
export type CopiedRow = Readonly<Record<string, CopiedValue>>;

/** A table of the state database. */
export interface StateTable {
  readonly name: string;
  /** Each column with the name of its type. */
  readonly columns: ReadonlyMap<string, string>;
  /** The columns of its primary key, in order. */
  readonly key: readonly string[];
}

/** Some rows of one table, in the order of its key. */
export interface TablePage {
  readonly table: string;
  readonly rows: readonly CopiedRow[];
}

type AnyTables = Record<string, Record<string, unknown>>;

/** Kysely without the types of the tables, whose names come from the database itself. */
export function untyped(db: Kysely<Database>): Kysely<AnyTables> {
  return db as unknown as Kysely<AnyTables>;
}

/** Every table of the state but the bookkeeping of migrations, by name. */
export async function describeTables(db: Kysely<Database>): Promise<StateTable[]> {
  const { rows: columns } = await sql<{ table: string; name: string; type: string }>`
    select table_name as "table", column_name as name, data_type as type from information_schema.columns
    where table_schema = current_schema() order by table_name, ordinal_position`.execute(db);
  const { rows: keys } = await sql<{ table: string; name: string }>`
    select k.table_name as "table", k.column_name as name
    from information_schema.table_constraints c join information_schema.key_column_usage k
      on k.constraint_name = c.constraint_name and k.table_name = c.table_name and k.table_schema = c.table_schema
    where c.constraint_type = 'PRIMARY KEY' and c.table_schema = current_schema()
    order by k.table_name, k.ordinal_position`.execute(db);
  const names = [...new Set(columns.map(({ table }) => table))].filter((name) => name !== schemaTable);
  return names.toSorted().map((name) => ({
    name,
    columns: new Map(columns.filter(({ table }) => table === name).map((column) => [column.name, column.type])),
    key: keys.filter(({ table }) => table === name).map((column) => column.name),
  }));
}

/** The text as both databases can store it: half a character and U+0000 become U+FFFD. */
export function storableText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** The row as JSON, the same from both databases; texts as `storableText` has them. */
export function asCopied(row: Readonly<Record<string, unknown>>): CopiedRow {
  const copied: Record<string, CopiedValue> = {};
  for (const column in row) copied[column] = copiedValue(row[column]);
  return copied;
}

function copiedValue(value: unknown): CopiedValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && Number.isInteger(value)) return String(value);
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('A value of the state is of a type that copies do not know.');
}
