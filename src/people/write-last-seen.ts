import type { WriteTransaction } from '../store/store.ts';
import { updateLastSeen } from './user.store.ts';

/** Writes when users were last here, by user id. */
export async function writeLastSeen(tx: WriteTransaction, lastSeen: ReadonlyMap<string, Date>): Promise<void> {
  for (const [userId, at] of lastSeen) await updateLastSeen(tx, userId, at);
}
