import type { Store } from '../store/store.ts';
import { deleteSyncRuns, selectOldRunsBy } from './sync-run.store.ts';

/** How many runs that a webhook asked for are kept of each source and outcome: webhooks may ask for one a second. */
export const keptWebhookRuns = 500;
const runsPerTransaction = 500;

/**
 * Forgets ended runs that webhooks asked for, but the newest of each source and outcome. The audit stays, and so do runs that
 * people or schedules asked for.
 */
export async function pruneWebhookRuns(store: Store, kept: number = keptWebhookRuns): Promise<void> {
  for (;;) {
    const limit = runsPerTransaction;
    const ids = await selectOldRunsBy(store.db, { requestedBy: 'webhook', kept, limit });
    if (ids.length === 0) return;
    await store.write((tx) => deleteSyncRuns(tx, ids));
  }
}
