import type { Store } from '../store/store.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly runningTables: RunningTables;
  }
}

/** Which tables are being synced, as the events of the runs tell. */
export class RunningTables {
  readonly #runByTable = new Map<string, string>();

  /** Listens to the store; starts with none, because no run outlives the process. */
  constructor(store: Store) {
    store.onCommit((events) => {
      for (const { topic, payload } of events) if (topic === syncTopic) this.#apply(payload as SyncEvent);
    });
  }

  has(tableId: string): boolean {
    return this.#runByTable.has(tableId);
  }

  #apply(event: SyncEvent): void {
    if (event.kind === 'progress') this.#runByTable.set(event.tableId, event.runId);
    if (event.kind === 'tablePublished' || event.kind === 'tableFailed') this.#runByTable.delete(event.tableId);
    if (event.kind !== 'finished') return;
    for (const [tableId, runId] of this.#runByTable) if (runId === event.runId) this.#runByTable.delete(tableId);
  }
}
