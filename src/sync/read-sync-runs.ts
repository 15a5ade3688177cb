import type { Services } from '../operation/services.ts';
import type { SyncRun, SyncRunTable } from './sync-run.ts';
import { selectWaitingSources } from './source-event.store.ts';
import {
  selectNewestSyncRuns,
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

/** The newest runs of one table, or the newest run of one source. */
export type RunHistory = { readonly tableId: string; readonly limit: number } | { readonly sourceId: string };

/** The newest runs for each of these keys, newest first, each list at its key's place; two statements, however many. */
export async function readRunHistories(services: Services, keys: readonly RunHistory[]): Promise<SyncRun[][]> {
  const ofTables = keys.flatMap((key) => ('tableId' in key ? [key] : []));
  const sourceIds = keys.flatMap((key) => ('sourceId' in key ? [key.sourceId] : []));
  const [found, newest] = await Promise.all([
    findRunsOfTables(services, ofTables),
    sourceIds.length === 0 ? [] : selectNewestSyncRuns(services.store.db, sourceIds),
  ]);
  return keys.map((key) => {
    if ('sourceId' in key) return newest.filter(({ sourceId }) => sourceId === key.sourceId);
    const runs = found.filter(({ tableId }) => tableId === key.tableId);
    return runs.slice(0, key.limit).map(({ run }) => run);
  });
}

async function findRunsOfTables(services: Services, keys: readonly { tableId: string; limit: number }[]) {
  if (keys.length === 0) return [];
  const tableIds = [...new Set(keys.map(({ tableId }) => tableId))];
  const limit = Math.max(...keys.map((key) => key.limit));
  return selectSyncRunsOfTables(services.store.db, { tableIds, limit });
}
