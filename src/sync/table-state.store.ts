import { sql, type Generated, type Insertable, type Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { KeptTableState, TableState } from './table-state.ts';

declare module '../store/database.ts' {
  interface Database {
    table_sync_states: TableSyncStatesTable;
  }
}

interface TableSyncStatesTable {
  table_id: string;
  status: TableState['status'];
  last_sync_at: Date | null;
  error: string | null;
  row_count: number | null;
  size_bytes: number | null;
  /** JSON. */
  columns: string;
  /** JSON. */
  files: string;
  /** JSON. */
  watermark: string | null;
  /** JSON. */
  remote: string | null;
  cursor: string | null;
  /** Null: nothing changed since `last_sync_at`, as far as anybody knows. */
  changed_at: Generated<Date | null>;
}

const rowsPerInsert = 200;

const changedAt = sql<Date | null>`case
  when table_sync_states.files = excluded.files and table_sync_states.columns = excluded.columns
  then coalesce(table_sync_states.changed_at, table_sync_states.last_sync_at)
  else excluded.last_sync_at end`;

/** Replaces the states of these tables, each named once, notes which hold something else now, and tells the index. */
export async function upsertTableStates(tx: WriteTransaction, states: readonly TableState[]): Promise<void> {
  const changes = new Map<string, Date | null>();
  for (let start = 0; start < states.length; start += rowsPerInsert) {
    const kept = await tx.db
      .insertInto('table_sync_states')
      .values(states.slice(start, start + rowsPerInsert).map(toRow))
      .onConflict((conflict) =>
        conflict.column('table_id').doUpdateSet(({ ref }) => ({
          status: ref('excluded.status'),
          last_sync_at: ref('excluded.last_sync_at'),
          error: ref('excluded.error'),
          row_count: ref('excluded.row_count'),
          size_bytes: ref('excluded.size_bytes'),
          columns: ref('excluded.columns'),
          files: ref('excluded.files'),
          watermark: ref('excluded.watermark'),
          remote: ref('excluded.remote'),
          cursor: ref('excluded.cursor'),
          changed_at: changedAt,
        })),
      )
      .returning(['table_id', 'changed_at'])
      .execute();
    for (const row of kept) changes.set(row.table_id, row.changed_at);
  }
  for (const state of states) {
    const row: KeptTableState = { ...state, changedAt: changes.get(state.tableId) ?? null };
    tx.emit('tableState', { op: 'put', row });
  }
}

/** Removes a table's state and tells the index; its files are garbage from then on. */
export async function deleteTableState(tx: WriteTransaction, state: TableState): Promise<void> {
  await tx.db.deleteFrom('table_sync_states').where('table_id', '=', state.tableId).execute();
  tx.emit('tableState', { op: 'drop', row: state });
}

function toRow(state: TableState): Insertable<TableSyncStatesTable> {
  return {
    table_id: state.tableId,
    status: state.status,
    last_sync_at: state.lastSyncAt,
    error: state.error,
    row_count: state.rows,
    size_bytes: state.sizeBytes,
    columns: JSON.stringify(state.columns),
    files: JSON.stringify(state.files),
    watermark: state.watermark && JSON.stringify(state.watermark),
    remote: state.remote && JSON.stringify(state.remote),
    cursor: state.cursor && JSON.stringify(state.cursor),
    changed_at: state.lastSyncAt,
  };
}

/** Every table's state, for the index at start. */
export async function selectTableStates(db: Kysely<Database>): Promise<KeptTableState[]> {
  const rows = await db.selectFrom('table_sync_states').selectAll().execute();
  return rows.map((row) => ({
    tableId: row.table_id,
    status: row.status,
    lastSyncAt: row.last_sync_at,
    changedAt: row.changed_at ?? row.last_sync_at,
    error: row.error,
    rows: row.row_count,
    sizeBytes: row.size_bytes,
    columns: JSON.parse(row.columns) as TableState['columns'],
    files: JSON.parse(row.files) as TableState['files'],
    watermark: row.watermark === null ? null : (JSON.parse(row.watermark) as TableState['watermark']),
    remote: row.remote === null ? null : (JSON.parse(row.remote) as TableState['remote']),
    cursor: row.cursor === null ? null : (JSON.parse(row.cursor) as TableState['cursor']),
  }));
}
