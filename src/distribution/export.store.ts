import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import { exportTopic, type Export, type ExportEvent } from './export.ts';

declare module '../store/database.ts' {
  interface Database {
    exports: ExportsTable;
  }
}

interface ExportsTable {
  id: string;
  user_id: string;
  statement: string;
  format: Export['format'];
  state: Export['state'];
  table_ids: string;
  row_count: number | null;
  size_bytes: number | null;
  sha256: string | null;
  error: string | null;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date;
}

/** Inserts a queued export and tells the runner. */
export async function insertExport(tx: WriteTransaction, row: Export): Promise<void> {
  await tx.db
    .insertInto('exports')
    .values({
      id: row.id,
      user_id: row.userId,
      statement: row.statement,
      format: row.format,
      state: row.state,
      table_ids: JSON.stringify(row.tableIds),
      row_count: row.rows,
      size_bytes: row.sizeBytes,
      sha256: row.sha256,
      error: row.error,
      created_at: row.createdAt,
      finished_at: row.finishedAt,
      expires_at: row.expiresAt,
    })
    .execute();
  tx.emit(exportTopic, { op: 'put', row: { id: row.id } } satisfies ExportEvent);
}

/** Writes what changed; resolves to whether the export is still there. */
export async function updateExport(
  tx: WriteTransaction,
  id: string,
  change: Partial<Pick<Export, 'state' | 'tableIds' | 'rows' | 'sizeBytes' | 'sha256' | 'error' | 'finishedAt'>>,
): Promise<boolean> {
  const { tableIds } = change;
  const updated = await tx.db
    .updateTable('exports')
    .set({
      state: change.state,
      table_ids: tableIds && JSON.stringify(tableIds),
      row_count: change.rows,
      size_bytes: change.sizeBytes,
      sha256: change.sha256,
      error: change.error,
      finished_at: change.finishedAt,
    })
    .where('id', '=', id)
    .returning('id')
    .execute();
  return updated.length > 0;
}

/** Removes every export of this user and tells the runner, which removes the files; resolves to how many there were. */
export async function deleteExportsOf(tx: WriteTransaction, userId: string): Promise<number> {
  const rows = await tx.db.deleteFrom('exports').where('user_id', '=', userId).returning('id').execute();
  emitDrops(tx, rows);
  return rows.length;
}

/** Removes the exports that have expired at `now` and are not on their way, and tells the runner. */
export async function deleteExpiredExports(tx: WriteTransaction, now: Date): Promise<void> {
  const rows = await tx.db
    .deleteFrom('exports')
    .where('expires_at', '<=', now)
    .where('state', 'in', ['succeeded', 'failed'])
    .returning('id')
    .execute();
  emitDrops(tx, rows);
}

function emitDrops(tx: WriteTransaction, rows: readonly { id: string }[]): void {
  for (const { id } of rows) tx.emit(exportTopic, { op: 'drop', row: { id } } satisfies ExportEvent);
}

/** The export with this id, or null. */
export async function selectExport(db: Kysely<Database>, id: string): Promise<Export | null> {
  const row = await db.selectFrom('exports').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toExport(row) : null;
}

/** A user's exports, newest first. */
export async function selectExportsOf(db: Kysely<Database>, userId: string): Promise<Export[]> {
  const rows = await db
    .selectFrom('exports')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toExport);
}

/** Every export that is queued or running. */
export async function selectOpenExports(db: Kysely<Database>): Promise<Export[]> {
  const rows = await db.selectFrom('exports').selectAll().where('state', 'in', ['queued', 'running']).execute();
  return rows.map(toExport);
}

/** The ids of all exports that have a file. */
export async function selectExportIds(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('exports').select('id').where('state', '=', 'succeeded').execute();
  return rows.map(({ id }) => id);
}

function toExport(row: Selectable<ExportsTable>): Export {
  return {
    id: row.id,
    userId: row.user_id,
    statement: row.statement,
    format: row.format,
    state: row.state,
    tableIds: JSON.parse(row.table_ids) as string[],
    rows: row.row_count,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    error: row.error,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    expiresAt: row.expires_at,
  };
}
