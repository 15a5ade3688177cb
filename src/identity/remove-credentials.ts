import type { WriteTransaction } from '../store/store.ts';
import { deleteIdentitiesOf } from './identity.store.ts';
import { deleteSecretsOf } from './one-time-secret.store.ts';
import { deleteSessionsOf } from './session.store.ts';
import { deleteTokensOf } from './token.store.ts';

/** Removes every session, token, identity and open link of a user inside a transaction; resolves to how many there were, links left out. */
export async function removeCredentialsOf(
  tx: WriteTransaction,
  userId: string,
): Promise<{ sessions: number; tokens: number; identities: number }> {
  await deleteSecretsOf(tx, userId);
  return {
    sessions: await deleteSessionsOf(tx, userId),
    tokens: await deleteTokensOf(tx, userId),
    identities: await deleteIdentitiesOf(tx, userId),
  };
}
