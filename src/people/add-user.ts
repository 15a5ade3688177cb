import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { WriteTransaction } from '../store/store.ts';
import { insertUser, selectUserByEmail } from './user.store.ts';
import type { User } from './user.ts';

/** Adds an active user inside a transaction; throws a `ConflictError` when the e-mail address is taken. */
export async function addUser(
  tx: WriteTransaction,
  given: { email: string; name: string | null; passwordHash?: string },
): Promise<User> {
  if (await selectUserByEmail(tx.db, given.email)) {
    throw new ConflictError(`There is a user with the e-mail address ${given.email} already.`);
  }
  const user: User = {
    id: newId(),
    email: given.email,
    name: given.name,
    active: true,
    createdAt: tx.at,
    lastSeenAt: null,
  };
  await insertUser(tx, user, given.passwordHash ?? null);
  return user;
}
