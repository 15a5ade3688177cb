import { NotFoundError } from '../kernel/errors.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteStoredUser, selectHasPassword, selectUsers, updateStoredUser } from './user.store.ts';
import type { User } from './user.ts';

/** The user with this id, as the transaction sees it; throws a `NotFoundError` when there is none. */
export async function demandUser(tx: WriteTransaction, id: string): Promise<User> {
  const [user] = await selectUsers(tx.db, [id]);
  if (!user) throw new NotFoundError('There is no user with this id.');
  return user;
}

/** Changes a user inside a transaction and gives back how it is then; the caller has checked that a new address is free. */
export async function changeUser(
  tx: WriteTransaction,
  user: User,
  change: Partial<Pick<User, 'email' | 'name' | 'active'>>,
): Promise<User> {
  const changed = { ...user, ...change };
  await updateStoredUser(tx, user, changed);
  return changed;
}

/** Whether the user with this id has a password. */
export function hasPassword(tx: WriteTransaction, id: string): Promise<boolean> {
  return selectHasPassword(tx.db, id);
}

/** Removes a user inside a transaction; the caller removes what belongs to the user in the same one. */
export async function removeUser(tx: WriteTransaction, id: string): Promise<void> {
  await deleteStoredUser(tx, id);
}
