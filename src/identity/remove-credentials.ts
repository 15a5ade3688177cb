import type { WriteTransaction } from '../store/store.ts';
import { deleteIdentitiesOf } from './identity.store.ts';
import { deleteSessionsOf } from './session.store.ts';
import { deleteTokensOf } from './token.store.ts';

/** Removes every session, token and identity of a user inside a transaction; resolves to how many there were. */
export async function removeCredentialsOf(
  tx: WriteTransaction,
  userId: string,
): Promise<{ sessions: number; tokens: number; identities: number }> {
  return {
    sessions: await deleteSessionsOf(tx, userId),
    tokens: await deleteTokensOf(tx, userId),
    identities: await deleteIdentitiesOf(tx, userId),
  };
}
