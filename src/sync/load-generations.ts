import type { RegistryIndex } from '../registry/registry-index.ts';
import type { Store } from '../store/store.ts';
import { Generations } from './generations.ts';
import type { KeptTableState } from './table-state.ts';
import { selectTableStates } from './table-state.store.ts';

/** Fills the current generation from the store and keeps it equal to what is committed from then on. */
export async function loadGenerations(store: Store, registry: RegistryIndex): Promise<Generations> {
  const generations = new Generations(registry);
  for (const state of await selectTableStates(store.db)) generations.apply(state);
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (topic === 'tableState') take(generations, payload as StoredChange);
      if (topic === 'table') generations.tablesChanged();
    }
  });
  return generations;
}

type StoredState = Omit<KeptTableState, 'lastSyncAt' | 'changedAt'> & {
  lastSyncAt: string | null;
  changedAt: string | null;
};

interface StoredChange {
  readonly op: 'put' | 'drop';
  readonly row: StoredState;
}

function take(generations: Generations, { op, row }: StoredChange): void {
  if (op === 'put') generations.apply(readState(row));
  else generations.drop(row.tableId);
}

/** The state as the outbox holds it: JSON, where an instant is text. */
function readState(row: StoredState): KeptTableState {
  return { ...row, lastSyncAt: readInstant(row.lastSyncAt), changedAt: readInstant(row.changedAt) };
}

function readInstant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
