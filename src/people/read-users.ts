import type { Services } from '../operation/services.ts';
import type { Store, WriteTransaction } from '../store/store.ts';
import {
  selectAllUsers,
  selectHoldersOfPasswords,
  selectUserByEmail,
  selectUserPage,
  selectUsers,
} from './user.store.ts';
import type { User, UserPage } from './user.ts';

/** The users with these ids, each at its id's place; null where there is none. */
export async function readUsers(services: Services, ids: readonly string[]): Promise<(User | null)[]> {
  const users = new Map((await selectUsers(services.store.db, ids)).map((user) => [user.id, user]));
  return ids.map((id) => users.get(id) ?? null);
}

/** The user with this e-mail address, in whatever case it is written; null when there is none. */
export function readUserByEmail(services: Services, email: string): Promise<User | null> {
  return selectUserByEmail(services.store.db, email.trim().toLowerCase());
}

/** The user with this e-mail address (lower case), as the transaction sees it; null when there is none. */
export function findUserByEmail(tx: WriteTransaction, email: string): Promise<User | null> {
  return selectUserByEmail(tx.db, email);
}

/** One page of all users. */
export function listUsers(services: Services, page: UserPage): Promise<User[]> {
  return selectUserPage(services.store.db, { ...page, search: page.search?.trim() });
}

/** Whether each of these users has a password, at its id's place. */
export async function readHavePassword(services: Services, ids: readonly string[]): Promise<boolean[]> {
  const holders = new Set(await selectHoldersOfPasswords(services.store.db, ids));
  return ids.map((id) => holders.has(id));
}

/** Every user as access needs to know them. */
export async function readAccessUsers(store: Store): Promise<Pick<User, 'id' | 'email' | 'active'>[]> {
  return (await selectAllUsers(store.db)).map(({ id, email, active }) => ({ id, email, active }));
}
