import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import { selectPasswordHash, updatePasswordHash } from './user.store.ts';
import type { PasswordHolder } from './user.ts';

/** The user with this e-mail address (lower case) and the password's hash; null when there is none. */
export function findPasswordHolder(db: Kysely<Database>, email: string): Promise<PasswordHolder | null> {
  return selectPasswordHash(db, email);
}

/** Gives a user another password inside a transaction; sessions are the caller's to end. */
export function writePasswordHash(tx: WriteTransaction, userId: string, passwordHash: string): Promise<void> {
  return updatePasswordHash(tx, userId, passwordHash);
}
