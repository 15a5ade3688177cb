import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import { tableStatus, type TableStatus } from './table-status.ts';

/** How fresh some tables are. Tables whose rows stay at their source are counted, and stand in neither order. */
export interface TableFreshness {
  readonly counts: Readonly<Record<TableStatus, number>>;
  /** Those that hold rows, the ones that were published last first. */
  readonly newestFirst: readonly Table[];
  readonly failing: readonly Table[];
}

/** How fresh these tables are now. */
export function tableFreshness(services: Services, tables: readonly Table[]): TableFreshness {
  const counts = { never: 0, running: 0, ok: 0, failed: 0 };
  const failing: Table[] = [];
  const published: { table: Table; at: number }[] = [];
  for (const table of tables) {
    const status = tableStatus(services, table.id);
    counts[status] += 1;
    if (status === 'failed') failing.push(table);
    const at = services.generations.state(table.id)?.lastSyncAt;
    if (at && table.queryMode !== 'remote') published.push({ table, at: at.getTime() });
  }
  const newestFirst = published.toSorted((one, other) => other.at - one.at).map(({ table }) => table);
  return { counts, newestFirst, failing };
}
