import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import { tableStatus, type TableStatus } from './table-status.ts';

/** How fresh some tables are. Tables whose rows stay at their source are counted, and stand in neither order. */
export interface TableFreshness {
  readonly counts: Readonly<Record<TableStatus, number>>;
  /** Those that hold rows, the ones whose rows changed last first. */
  readonly changedLastFirst: readonly Table[];
  /** Of those that hold rows the one that was published before all others. */
  readonly oldest: Table | null;
  readonly failing: readonly Table[];
}

/** How fresh these tables are now. */
export function tableFreshness(services: Services, tables: readonly Table[]): TableFreshness {
  const counts = { never: 0, running: 0, ok: 0, failed: 0 };
  const failing: Table[] = [];
  const holding: { table: Table; publishedAt: number; changedAt: number }[] = [];
  for (const table of tables) {
    const status = tableStatus(services, table.id);
    counts[status] += 1;
    if (status === 'failed') failing.push(table);
    const { lastSyncAt, changedAt } = services.generations.state(table.id) ?? {};
    if (!lastSyncAt || table.queryMode === 'remote') continue;
    holding.push({ table, publishedAt: lastSyncAt.getTime(), changedAt: (changedAt ?? lastSyncAt).getTime() });
  }
  const oldest = holding.toSorted((one, other) => one.publishedAt - other.publishedAt)[0]?.table ?? null;
  const changedLastFirst = holding.toSorted((one, other) => other.changedAt - one.changedAt).map(({ table }) => table);
  return { counts, changedLastFirst, oldest, failing };
}
