import { z } from 'zod';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';
import { isOpen, type SyncRun } from './sync-run.ts';
import { endOpenTables, selectSyncRun, updateSyncRun } from './sync-run.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'syncRun.cancelled': { source: string | null };
  }
}

/**
 * Ends a run that is queued or running: nothing of it is published, also of the tables it had extracted. The runner hears
 * of it by the event and stops the connector.
 */
export const cancelSyncRun = defineOperation({
  rule: { role: 'core.admin' },
  event: 'syncRun.cancelled',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, services, record }): Promise<SyncRun> {
    const run = await selectSyncRun(tx.db, input.id);
    if (!run) throw new NotFoundError('There is no such run.');
    if (!isOpen(run)) throw new ConflictError(`The run has ended already: ${outcomes[run.state]}.`);
    await endOpenTables(tx, run.id, { state: 'cancelled', error: null });
    await updateSyncRun(tx, run.id, { state: 'cancelled', finishedAt: tx.at });
    const { id: runId, sourceId } = run;
    tx.emit(syncTopic, { kind: 'finished', runId, sourceId, state: 'cancelled' } satisfies SyncEvent);
    record({ resource: `syncRun:${runId}`, details: { source: services.registry.source(sourceId)?.name ?? null } });
    return { ...run, state: 'cancelled', finishedAt: tx.at };
  },
});

const outcomes: Partial<Record<SyncRun['state'], string>> = {
  succeeded: 'it succeeded',
  partial: 'some of its tables succeeded',
  failed: 'it failed',
  cancelled: 'it was cancelled',
};
