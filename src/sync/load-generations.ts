import type { RegistryIndex } from '../registry/registry-index.ts';
import type { Store } from '../store/store.ts';
import { Generations } from './generations.ts';
import type { TableState } from './table-state.ts';
import { selectTableStates } from './table-state.store.ts';

/** Fills the current generation from the store and keeps it equal to what is committed from then on. */
export async function loadGenerations(store: Store, registry: RegistryIndex): Promise<Generations> {
  const generations = new Generations(registry);
  for (const state of await selectTableStates(store.db)) generations.apply(state);
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (topic === 'tableState') generations.apply((payload as { row: TableState }).row);
      if (topic === 'table') generations.tablesChanged();
    }
  });
  return generations;
}
