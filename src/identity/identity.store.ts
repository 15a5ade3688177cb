import type { Kysely, Selectable } from 'kysely';
import { newId } from '../kernel/ids.ts';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Identity } from './identity.ts';

declare module '../store/database.ts' {
  interface Database {
    identities: IdentitiesTable;
  }
}

interface IdentitiesTable {
  id: string;
  issuer: string;
  subject: string;
  user_id: string;
  email: string;
  created_at: Date;
  provider: string | null;
  last_used_at: Date | null;
}

/** Who somebody is at an issuer. */
export interface IssuerSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** Makes this subject of the issuer the user from now on; `email` is what the issuer says of it now, by this provider. */
export async function insertIdentity(
  tx: WriteTransaction,
  identity: IssuerSubject & { userId: string; email: string; provider: string },
): Promise<void> {
  const { issuer, subject, userId, email, provider } = identity;
  const used = { provider, last_used_at: tx.at };
  await tx.db
    .insertInto('identities')
    .values({ id: newId(), issuer, subject, user_id: userId, email, created_at: tx.at, ...used })
    .execute();
}

/** The id of the user whom this subject of the issuer is, or null. */
export async function selectIdentifiedUser(db: Kysely<Database>, by: IssuerSubject): Promise<string | null> {
  const row = await db
    .selectFrom('identities')
    .select('user_id')
    .where('issuer', '=', by.issuer)
    .where('subject', '=', by.subject)
    .executeTakeFirst();
  return row?.user_id ?? null;
}

/** Notes that somebody signed in as this subject of the issuer, by this provider. */
export async function updateIdentityUsed(
  tx: WriteTransaction,
  { issuer, subject, provider }: IssuerSubject & { provider: string },
): Promise<void> {
  await tx.db
    .updateTable('identities')
    .set({ provider, last_used_at: tx.at })
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .execute();
}

/** The identity with this id, or null. */
export async function selectIdentity(db: Kysely<Database>, id: string): Promise<Identity | null> {
  const row = await db.selectFrom('identities').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toIdentity(row) : null;
}

/** The identities of these users, the eldest first. */
export async function selectIdentitiesOf(db: Kysely<Database>, userIds: readonly string[]): Promise<Identity[]> {
  if (userIds.length === 0) return [];
  const rows = await db
    .selectFrom('identities')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(toIdentity);
}

/** Removes the identity with this id. */
export async function deleteIdentity(tx: WriteTransaction, id: string): Promise<void> {
  await tx.db.deleteFrom('identities').where('id', '=', id).execute();
}

/** Whether some subject of this issuer is the user. */
export async function isIdentifiedBy(
  db: Kysely<Database>,
  given: { userId: string; issuer: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('identities')
    .select('id')
    .where('user_id', '=', given.userId)
    .where('issuer', '=', given.issuer)
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes every identity of this user; resolves to how many there were. */
export async function deleteIdentitiesOf(tx: WriteTransaction, userId: string): Promise<number> {
  return (await tx.db.deleteFrom('identities').where('user_id', '=', userId).returning('id').execute()).length;
}

function toIdentity(row: Selectable<IdentitiesTable>): Identity {
  return {
    id: row.id,
    userId: row.user_id,
    issuer: row.issuer,
    provider: row.provider,
    email: row.email,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
