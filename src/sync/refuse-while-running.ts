import { ConflictError } from '../kernel/errors.ts';
import type { Source } from '../registry/source.ts';
import type { WriteTransaction } from '../store/store.ts';
import { selectOpenRun } from './sync-run.store.ts';

/** Throws a `ConflictError` while a run of the source is queued or running. */
export async function refuseWhileRunning(tx: WriteTransaction, source: Source): Promise<void> {
  if (await selectOpenRun(tx.db, source.id)) {
    throw new ConflictError(`A run of ${source.name} is on its way; wait until it has ended.`);
  }
}
