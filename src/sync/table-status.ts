import type { Services } from '../operation/services.ts';

/** How a table's last sync ended, that it runs, or that there was none. */
export type TableStatus = 'never' | 'running' | 'ok' | 'failed';

/** The status of the table with this id now. */
export function tableStatus({ runningTables, generations }: Services, tableId: string): TableStatus {
  return runningTables.has(tableId) ? 'running' : (generations.state(tableId)?.status ?? 'never');
}
