import { sql, type Expression, type Kysely, type Selectable, type SqlBool } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { PasswordHolder, User, UserPage } from './user.ts';

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

/** Writes who the user is now and tells the indexes; the unique address is only touched when it changes. */
export async function updateStoredUser(tx: WriteTransaction, before: User, after: User): Promise<void> {
  const { email, name, active } = after;
  await tx.db
    .updateTable('users')
    .set(email === before.email ? { name, active } : { email, name, active })
    .where('id', '=', before.id)
    .execute();
  tx.emit('user', { op: 'put', row: { id: before.id, email, active } });
}

/** Whether this user has a password. */
export async function selectHasPassword(db: Kysely<Database>, userId: string): Promise<boolean> {
  const row = await db.selectFrom('users').select('password_hash').where('id', '=', userId).executeTakeFirst();
  return typeof row?.password_hash === 'string';
}

/** Which of these users have a password. */
export async function selectHoldersOfPasswords(db: Kysely<Database>, userIds: readonly string[]): Promise<string[]> {
  if (userIds.length === 0) return [];
  const query = db.selectFrom('users').select('id').where('id', 'in', userIds).where('password_hash', 'is not', null);
  return (await query.execute()).map(({ id }) => id);
}

/** Removes a user and tells the indexes; what belongs to the user is the caller's to remove. */
export async function deleteStoredUser(tx: WriteTransaction, userId: string): Promise<void> {
  await tx.db.deleteFrom('users').where('id', '=', userId).execute();
  tx.emit('user', { op: 'drop', row: { id: userId } });
}

/** Writes when a user was last here. */
export async function updateLastSeen(tx: WriteTransaction, userId: string, at: Date): Promise<void> {
  await tx.db.updateTable('users').set({ last_seen_at: at }).where('id', '=', userId).execute();
}

/** Writes the hash of a user's password. */
export async function updatePasswordHash(tx: WriteTransaction, userId: string, passwordHash: string): Promise<void> {
  await tx.db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', userId).execute();
}

/** The user with this e-mail address (lower case) and the hash of the password, or null. */
export async function selectPasswordHash(db: Kysely<Database>, email: string): Promise<PasswordHolder | null> {
  const row = await db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
  return row ? { userId: row.id, email: row.email, active: row.active, passwordHash: row.password_hash } : null;
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

/** A page of users in their order; only those whose address or name contains `search`, in any case. */
export async function selectUserPage(db: Kysely<Database>, page: UserPage): Promise<User[]> {
  let query = db.selectFrom('users').selectAll().limit(page.limit);
  if (page.search) {
    const { search } = page;
    query = query.where(({ or, ref }) => or([contains(ref('email'), search), contains(ref('name'), search)]));
  }
  if (page.order === 'email') {
    query = query.orderBy('email');
    if (page.after !== undefined) query = query.where('email', '>', page.after);
  } else {
    const moment = moments[page.order];
    query = query.orderBy(moment, 'desc').orderBy('id', 'desc');
    const { after } = page;
    if (after) {
      query = query.where(({ eb, or, and }) =>
        or([eb(moment, '<', after.at), and([eb(moment, '=', after.at), eb('id', '<', after.id)])]),
      );
    }
  }
  return (await query.execute()).map(toUser);
}

/** By when users are put in order; who was never here comes as from the beginning of time. */
const moments = {
  createdAt: sql<Date>`created_at`,
  lastSeenAt: sql<Date>`coalesce(last_seen_at, timestamptz '1970-01-01 00:00:00+00')`,
};

/** Not `like`, in which `%` and `_` of an address would match anything. */
function contains(column: Expression<string | null>, text: string): Expression<SqlBool> {
  return sql<SqlBool>`strpos(lower(${column}), lower(cast(${text} as text))) > 0`;
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
