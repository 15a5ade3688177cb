import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { TableState } from './table-state.ts';

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
  cursor: string | null;
}

const rowsPerInsert = 200;

/** Replaces the states of these tables, each named once, and tells the index. */
export async function upsertTableStates(tx: WriteTransaction, states: readonly TableState[]): Promise<void> {
  for (let start = 0; start < states.length; start += rowsPerInsert) {
    await tx.db
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
          cursor: ref('excluded.cursor'),
        })),
      )
      .execute();
  }
  for (const state of states) tx.emit('tableState', { op: 'put', row: state });
}

/** Removes a table's state and tells the index; its files are garbage from then on. */
export async function deleteTableState(tx: WriteTransaction, state: TableState): Promise<void> {
  await tx.db.deleteFrom('table_sync_states').where('table_id', '=', state.tableId).execute();
  tx.emit('tableState', { op: 'drop', row: state });
}

function toRow(state: TableState): TableSyncStatesTable {
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
    cursor: state.cursor && JSON.stringify(state.cursor),
  };
}

/** Every table's state, for the index at start. */
export async function selectTableStates(db: Kysely<Database>): Promise<TableState[]> {
  const rows = await db.selectFrom('table_sync_states').selectAll().execute();
  return rows.map((row) => ({
    tableId: row.table_id,
    status: row.status,
    lastSyncAt: row.last_sync_at,
    error: row.error,
    rows: row.row_count,
    sizeBytes: row.size_bytes,
    columns: JSON.parse(row.columns) as TableState['columns'],
    files: JSON.parse(row.files) as TableState['files'],
    watermark: row.watermark === null ? null : (JSON.parse(row.watermark) as TableState['watermark']),
    cursor: row.cursor === null ? null : (JSON.parse(row.cursor) as TableState['cursor']),
  }));
}
