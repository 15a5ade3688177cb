import type { Services } from '../operation/services.ts';
import type { Store } from '../store/store.ts';
import { selectAllUsers, selectUsers, selectUsersByEmail } from './user.store.ts';
import type { User } from './user.ts';

/** The users with these ids, each at its id's place; null where there is none. */
export async function readUsers(services: Services, ids: readonly string[]): Promise<(User | null)[]> {
  const users = new Map((await selectUsers(services.store.db, ids)).map((user) => [user.id, user]));
  return ids.map((id) => users.get(id) ?? null);
}

/** At most `limit` users by e-mail address, from behind the address `after` on. */
export function listUsers(services: Services, page: { limit: number; after?: string }): Promise<User[]> {
  return selectUsersByEmail(services.store.db, page);
}

/** Every user as access needs to know them. */
export async function readAccessUsers(store: Store): Promise<Pick<User, 'id' | 'email' | 'active'>[]> {
  return (await selectAllUsers(store.db)).map(({ id, email, active }) => ({ id, email, active }));
}
