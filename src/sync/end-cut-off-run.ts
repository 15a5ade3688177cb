import type { WriteTransaction } from '../store/store.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';
import { isOpen, type SyncRun } from './sync-run.ts';
import { endOpenTables, selectSyncRun, selectSyncRunTables, updateSyncRun } from './sync-run.store.ts';
import { releaseTurns } from './turn.store.ts';

/**
 * Ends a run that published nothing as failed for the reason in `sentence`; one that ended otherwise, as a cancelled one,
 * stays as it is. With `dueAgain` its tables with a schedule are due at once, because their turn was lost.
 */
export async function endCutOffRun(
  tx: WriteTransaction,
  given: { run: Pick<SyncRun, 'id' | 'sourceId'>; sentence: string; dueAgain: boolean },
): Promise<void> {
  const { run, sentence, dueAgain } = given;
  const stored = await selectSyncRun(tx.db, run.id);
  if (!stored || !isOpen(stored)) return;
  if (dueAgain) {
    const tables = await selectSyncRunTables(tx.db, [run.id]);
    await releaseTurns(
      tx,
      tables.map((table) => table.tableId),
    );
  }
  await endOpenTables(tx, run.id, { state: 'failed', error: sentence });
  await updateSyncRun(tx, run.id, { state: 'failed', finishedAt: tx.at, error: sentence });
  const event: SyncEvent = { kind: 'finished', runId: run.id, sourceId: run.sourceId, state: 'failed' };
  tx.emit(syncTopic, event);
}
