import type { Services } from '../operation/services.ts';
import type { SyncRun, SyncRunTable } from './sync-run.ts';
import { selectSyncRun, selectSyncRuns, selectSyncRunTables } from './sync-run.store.ts';

/** At most `limit` runs that fit, newest first, from behind `before` on. */
export function listSyncRuns(services: Services, page: Parameters<typeof selectSyncRuns>[1]): Promise<SyncRun[]> {
  return selectSyncRuns(services.store.db, page);
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
