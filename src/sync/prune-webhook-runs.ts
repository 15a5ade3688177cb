import { deleteAuditEventsOf } from '../audit/audit-event.store.ts';
import type { Store } from '../store/store.ts';
import { deleteSyncRuns, selectOldRunsBy } from './sync-run.store.ts';

/** How many runs that a webhook asked for are kept of each source and outcome: webhooks may ask for one a second. */
export const keptWebhookRuns = 500;
const runsPerTransaction = 500;

/**
 * Forgets ended runs that webhooks asked for, but the newest of each source and outcome, with the rows of the audit that say they
 * were queued. Runs that people or schedules asked for are kept.
 */
export async function pruneWebhookRuns(store: Store, kept: number = keptWebhookRuns): Promise<void> {
  for (;;) {
    const limit = runsPerTransaction;
    const ids = await selectOldRunsBy(store.db, { requestedBy: 'webhook', kept, limit });
    if (ids.length === 0) return;
    await store.write(async (tx) => {
      await deleteAuditEventsOf(tx.db, { action: 'syncRun.queued', resources: ids.map((id) => `syncRun:${id}`) });
      await deleteSyncRuns(tx, ids);
    });
  }
}
