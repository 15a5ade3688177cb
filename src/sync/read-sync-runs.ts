import type { Services } from '../operation/services.ts';
import type { SyncRun, SyncRunTable } from './sync-run.ts';
import { selectWaitingSources } from './source-event.store.ts';
import {
  selectOpenRuns,
  selectSyncRun,
  selectSyncRuns,
  selectSyncRunsOfTables,
  selectSyncRunTables,
} from './sync-run.store.ts';

/** At most `limit` runs that fit, newest first, from behind `before` on. */
export function listSyncRuns(services: Services, page: Parameters<typeof selectSyncRuns>[1]): Promise<SyncRun[]> {
  return selectSyncRuns(services.store.db, page);
}

/** The runs that wait or are on their way. */
export function listOpenRuns(services: Services): Promise<SyncRun[]> {
  return selectOpenRuns(services.store.db);
}

/** How many events of webhooks no run has worked off yet. */
export async function countWaitingEvents(services: Services): Promise<number> {
  const waiting = await selectWaitingSources(services.store.db);
  return waiting.reduce((sum, { count }) => sum + count, 0);
}

/** The run with this id, or null. */
export function findSyncRun(services: Services, id: string): Promise<SyncRun | null> {
  return selectSyncRun(services.store.db, id);
}

/** The tables of each of these runs, each list at its run's place. */
export async function readSyncRunTables(services: Services, runIds: readonly string[]): Promise<SyncRunTable[][]> {
  const tables = await selectSyncRunTables(services.store.db, runIds);
  return runIds.map((runId) => tables.filter((table) => table.runId === runId));
}

/** The newest runs of one table. */
export interface TableHistory {
  readonly tableId: string;
  readonly limit: number;
}

/** The newest runs of each of these tables, newest first, each list at its key's place. */
export async function readTableHistories(services: Services, keys: readonly TableHistory[]): Promise<SyncRun[][]> {
  const tableIds = [...new Set(keys.map(({ tableId }) => tableId))];
  const limit = Math.max(...keys.map((key) => key.limit));
  const found = await selectSyncRunsOfTables(services.store.db, { tableIds, limit });
  return keys.map((key) =>
    found
      .filter(({ tableId }) => tableId === key.tableId)
      .slice(0, key.limit)
      .map(({ run }) => run),
  );
}
