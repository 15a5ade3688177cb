import type { Services } from '../operation/services.ts';
import { selectOpenRun } from './sync-run.store.ts';

/** The ids of the source's tables whose schedules want them now; none while a run of the source is on its way. */
export async function dueTables(services: Services, sourceId: string): Promise<string[]> {
  const now = services.clock.now();
  const due = services.registry.tablesOf(sourceId).filter((table) => {
    const dueAt = services.turns.dueAt(table);
    return dueAt !== null && dueAt <= now;
  });
  if (due.length === 0 || (await selectOpenRun(services.store.db, sourceId))) return [];
  return due.map((table) => table.id);
}
