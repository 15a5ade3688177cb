import type { Store } from '../store/store.ts';
import { RegistryIndex, type RegistryChange } from './registry-index.ts';
import { selectSources } from './source.store.ts';
import { selectTables } from './table.store.ts';

const topics: ReadonlySet<string> = new Set<RegistryChange['topic']>(['source', 'table']);

/** Fills the registry index from the store and keeps it equal to what is committed from then on. */
export async function loadRegistry(store: Store): Promise<RegistryIndex> {
  const index = new RegistryIndex();
  for (const row of await selectSources(store.db)) index.apply({ topic: 'source', op: 'put', row });
  for (const row of await selectTables(store.db)) index.apply({ topic: 'table', op: 'put', row });
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (!topics.has(topic)) continue;
      const { op, row } = payload as { op: RegistryChange['op']; row: { createdAt: string } };
      index.apply({ topic, op, row: { ...row, createdAt: new Date(row.createdAt) } } as RegistryChange);
    }
  });
  return index;
}
