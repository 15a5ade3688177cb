import { newId } from '../kernel/ids.ts';
import type { Narrowing } from '../operation/principal.ts';
import type { WriteTransaction } from '../store/store.ts';
import { insertToken } from './token.store.ts';
import { newTokenSecret, type Token } from './token.ts';

/** Adds a personal access token inside a transaction; the secret is in the result and nowhere else. */
export async function addToken(
  tx: WriteTransaction,
  given: { userId: string; name: string; expiresAt: Date | null; narrowing: Narrowing },
): Promise<{ token: Token; secret: string }> {
  const { secret, secretHash, prefix } = newTokenSecret();
  const token: Token = {
    ...given,
    id: newId(),
    prefix,
    createdAt: tx.at,
    revokedAt: null,
    lastUsedAt: null,
    lastUsedAddress: null,
  };
  await insertToken(tx, token, secretHash);
  return { token, secret };
}
