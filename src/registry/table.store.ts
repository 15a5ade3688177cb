import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Table } from './table.ts';

declare module '../store/database.ts' {
  interface Database {
    tables: TablesTable;
  }
}

interface TablesTable {
  id: string;
  sql_name: string;
  alias: string | null;
  source_id: string;
  name: string;
  bucket: string | null;
  description: string | null;
  query_mode: Table['queryMode'];
  is_public: boolean;
  /** JSON array of column names. */
  primary_key: string;
  schedule: string | null;
  watermark_column: string | null;
  /** JSON. */
  options: string;
  /** JSON; null: none. */
  column_descriptions: string | null;
  created_at: Date;
}

const rowsPerInsert = 200;

/** Inserts tables and tells the indexes. */
export async function insertTables(tx: WriteTransaction, tables: readonly Table[]): Promise<void> {
  for (let start = 0; start < tables.length; start += rowsPerInsert) {
    await tx.db
      .insertInto('tables')
      .values(tables.slice(start, start + rowsPerInsert).map(toRow))
      .execute();
  }
  for (const table of tables) tx.emit('table', { op: 'put', row: table });
}

/** Writes the table with this id anew and tells the indexes. */
export async function updateStoredTable(tx: WriteTransaction, table: Table): Promise<void> {
  const { id, ...columns } = toRow(table);
  await tx.db.updateTable('tables').set(columns).where('id', '=', id).execute();
  tx.emit('table', { op: 'put', row: table });
}

/** Removes a table and tells the indexes. */
export async function deleteStoredTable(tx: WriteTransaction, table: Table): Promise<void> {
  await tx.db.deleteFrom('tables').where('id', '=', table.id).execute();
  tx.emit('table', { op: 'drop', row: table });
}

function toRow(table: Table): TablesTable {
  return {
    id: table.id,
    sql_name: table.sqlName,
    alias: table.alias,
    source_id: table.sourceId,
    name: table.name,
    bucket: table.bucket,
    description: table.description,
    query_mode: table.queryMode,
    is_public: table.isPublic,
    primary_key: JSON.stringify(table.primaryKey),
    schedule: table.schedule,
    watermark_column: table.watermarkColumn,
    options: JSON.stringify(table.options),
    column_descriptions: table.columnDescriptions.length > 0 ? JSON.stringify(table.columnDescriptions) : null,
    created_at: table.createdAt,
  };
}

/** Every table, for the indexes at start. */
export async function selectTables(db: Kysely<Database>): Promise<Table[]> {
  const rows = await db.selectFrom('tables').selectAll().execute();
  return rows.map((row) => ({
    id: row.id,
    sqlName: row.sql_name,
    alias: row.alias,
    sourceId: row.source_id,
    name: row.name,
    bucket: row.bucket,
    description: row.description,
    queryMode: row.query_mode,
    isPublic: row.is_public,
    primaryKey: JSON.parse(row.primary_key) as string[],
    schedule: row.schedule,
    watermarkColumn: row.watermark_column,
    options: JSON.parse(row.options) as Record<string, unknown>,
    columnDescriptions: JSON.parse(row.column_descriptions ?? '[]') as Table['columnDescriptions'],
    createdAt: row.created_at,
  }));
}
