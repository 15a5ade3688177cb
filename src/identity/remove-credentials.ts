import type { WriteTransaction } from '../store/store.ts';
import { deleteSessionsOf } from './session.store.ts';
import { deleteTokensOf } from './token.store.ts';

/** Removes every session and token of a user inside a transaction; resolves to how many there were. */
export async function removeCredentialsOf(
  tx: WriteTransaction,
  userId: string,
): Promise<{ sessions: number; tokens: number }> {
  return { sessions: await deleteSessionsOf(tx, userId), tokens: await deleteTokensOf(tx, userId) };
}
