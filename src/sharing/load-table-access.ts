import type { AccessIndex } from '../access/access-index.ts';
import type { Table } from '../registry/table.ts';
import type { Store } from '../store/store.ts';
import { TableAccessIndex } from './table-access.ts';
import type { TableAccessChange } from './table-grant.ts';
import { selectTableGrants } from './table-grant.store.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly tableAccess: TableAccessIndex;
  }
}

const kinds: ReadonlySet<string> = new Set<TableAccessChange['kind']>(['table', 'tableGrant']);

/** Fills the index of table access and keeps it equal to what is committed from then on. */
export async function loadTableAccess(
  store: Store,
  given: { accessIndex: AccessIndex; tables: readonly Table[] },
): Promise<TableAccessIndex> {
  const index = new TableAccessIndex(given.accessIndex);
  index.replaceAll({ tables: given.tables, tableGrants: await selectTableGrants(store.db) });
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (kinds.has(topic)) index.apply({ kind: topic, ...(payload as object) } as TableAccessChange);
    }
  });
  return index;
}
