import { z } from 'zod';
import { ConflictError, InvalidInputError, NotFoundError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';
import type { SyncRun } from './sync-run.ts';
import { insertSyncRun, selectOpenRun } from './sync-run.store.ts';
import { chooseTasks } from './source-tasks.ts';
import { takeTaskTurns } from './task-turn.store.ts';
import { takeTurns } from './turn.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'syncRun.queued': { source: string; tableIds: string[] };
  }
}

/** Queues a run for a source, or for some of its tables; one run per source at a time. */
export const startSync = defineOperation({
  rule: { role: 'core.admin' },
  event: 'syncRun.queued',
  input: z.strictObject({
    source: z.string(),
    tables: z.array(z.string()).min(1, 'Name at least one table.').nullish(),
    fullRefresh: z.boolean().nullish(),
    /** Only these tasks of the source, besides what its webhook told; null: the whole source. */
    tasks: z.array(z.string()).nullish(),
  }),
  async run({ tx, input, principal, services, record }): Promise<SyncRun> {
    const source = services.registry.sourceByName(input.source);
    if (!source) throw new NotFoundError(`There is no source called ${JSON.stringify(input.source)}.`);
    const tasks = input.tasks ? chooseTasks(services, { source, requested: input.tasks }) : null;
    const tableIds = chooseTables(services, { sourceId: source.id, requested: input.tables ?? null });
    if (await selectOpenRun(tx.db, source.id)) {
      throw new ConflictError(`A run of ${source.name} is on its way; wait until it has ended.`);
    }
    const run: SyncRun = {
      id: newId(),
      sourceId: source.id,
      state: 'queued',
      requestedBy: principal!.email,
      fullRefresh: input.fullRefresh ?? false,
      tasks,
      queuedAt: tx.at,
      startedAt: null,
      finishedAt: null,
      error: null,
      report: null,
    };
    await insertSyncRun(tx, run, tableIds);
    // Tasks have turns of their own: what schedules of tables want is the whole source.
    if (tasks) await takeTaskTurns(tx, { sourceId: source.id, tasks });
    else await takeTurns(tx, tableIds);
    tx.emit(syncTopic, { kind: 'queued', runId: run.id, sourceId: source.id } satisfies SyncEvent);
    record({ resource: `syncRun:${run.id}`, details: { source: source.name, tableIds } });
    return run;
  },
});

function chooseTables(services: Services, given: { sourceId: string; requested: string[] | null }): string[] {
  const all = services.registry.tablesOf(given.sourceId).map((table) => table.id);
  if (all.length === 0) {
    throw new InvalidInputError([{ path: 'source', message: 'The source has no tables; register one first.' }]);
  }
  if (given.requested === null) return all;
  const requested = [...new Set(given.requested)];
  const foreign = requested.filter((id) => !all.includes(id));
  if (foreign.length > 0) throw new NotFoundError(`The source has no table with the id ${foreign[0]}.`);
  return requested;
}
