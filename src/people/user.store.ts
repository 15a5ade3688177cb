import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { User } from './user.ts';

declare module '../store/database.ts' {
  interface Database {
    users: UsersTable;
  }
}

interface UsersTable {
  id: string;
  email: string;
  name: string | null;
  active: boolean;
  password_hash: string | null;
  created_at: Date;
  last_seen_at: Date | null;
}

/** Inserts a user and tells the indexes. */
export async function insertUser(tx: WriteTransaction, user: User, passwordHash: string | null): Promise<void> {
  await tx.db
    .insertInto('users')
    .values({
      id: user.id,
      email: user.email,
      name: user.name,
      active: user.active,
      password_hash: passwordHash,
      created_at: user.createdAt,
      last_seen_at: user.lastSeenAt,
    })
    .execute();
  tx.emit('user', { op: 'put', row: { id: user.id, email: user.email, active: user.active } });
}

/** Writes when a user was last here. */
export async function updateLastSeen(tx: WriteTransaction, userId: string, at: Date): Promise<void> {
  await tx.db.updateTable('users').set({ last_seen_at: at }).where('id', '=', userId).execute();
}

/** The user with this e-mail address (lower case), or null. */
export async function selectUserByEmail(db: Kysely<Database>, email: string): Promise<User | null> {
  const row = await db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
  return row ? toUser(row) : null;
}

/** The users with these ids, in no particular order; unknown ids are left out. */
export async function selectUsers(db: Kysely<Database>, ids: readonly string[]): Promise<User[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('users').selectAll().where('id', 'in', ids).execute();
  return rows.map(toUser);
}

/** Every user, for the indexes at start. */
export async function selectAllUsers(db: Kysely<Database>): Promise<User[]> {
  return (await db.selectFrom('users').selectAll().execute()).map(toUser);
}

/** Users by e-mail address, from behind `after` on. */
export async function selectUsersByEmail(
  db: Kysely<Database>,
  page: { limit: number; after?: string },
): Promise<User[]> {
  let query = db.selectFrom('users').selectAll().orderBy('email').limit(page.limit);
  if (page.after !== undefined) query = query.where('email', '>', page.after);
  return (await query.execute()).map(toUser);
}

function toUser(row: Selectable<UsersTable>): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    active: row.active,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}
