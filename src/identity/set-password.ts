import { writePasswordHash } from '../people/password-hash.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteSecretsOf } from './one-time-secret.store.ts';

/** Gives a user a new password inside a transaction; every link the user has open ends. */
export async function setPassword(tx: WriteTransaction, userId: string, passwordHash: string): Promise<void> {
  await writePasswordHash(tx, userId, passwordHash);
  await deleteSecretsOf(tx, userId);
}
