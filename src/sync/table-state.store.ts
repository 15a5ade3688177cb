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
}

/** Replaces a table's state and tells the index. */
export async function upsertTableState(tx: WriteTransaction, state: TableState): Promise<void> {
  const columns = {
    status: state.status,
    last_sync_at: state.lastSyncAt,
    error: state.error,
    row_count: state.rows,
    size_bytes: state.sizeBytes,
    columns: JSON.stringify(state.columns),
    files: JSON.stringify(state.files),
  };
  await tx.db
    .insertInto('table_sync_states')
    .values({ table_id: state.tableId, ...columns })
    .onConflict((conflict) => conflict.column('table_id').doUpdateSet(columns))
    .execute();
  tx.emit('tableState', { op: 'put', row: state });
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
  }));
}
