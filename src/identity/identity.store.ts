import type { Kysely } from 'kysely';
import { newId } from '../kernel/ids.ts';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';

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
}

/** Who somebody is at an issuer. */
export interface IssuerSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** Makes this subject of the issuer the user from now on; `email` is what the issuer says of it now. */
export async function insertIdentity(
  tx: WriteTransaction,
  identity: IssuerSubject & { userId: string; email: string },
): Promise<void> {
  const { issuer, subject, userId, email } = identity;
  await tx.db
    .insertInto('identities')
    .values({ id: newId(), issuer, subject, user_id: userId, email, created_at: tx.at })
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
