import type { Services } from '../operation/services.ts';
import { changeTable } from '../registry/change-registry.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { TableState } from './table-state.ts';

/** Says of a table that it is remote, or no longer, when its source has told so by this sync. */
export async function keepQueryMode(tx: WriteTransaction, services: Services, state: TableState): Promise<void> {
  const table = services.registry.table(state.tableId);
  const wasAttached = services.generations.state(state.tableId)?.remote != null;
  if (!table || Boolean(state.remote) === wasAttached) return;
  await changeTable(tx, { ...table, queryMode: state.remote ? 'remote' : 'local' });
}
