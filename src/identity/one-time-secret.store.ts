import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';

declare module '../store/database.ts' {
  interface Database {
    one_time_secrets: OneTimeSecretsTable;
  }
}

interface OneTimeSecretsTable {
  id: string;
  secret_hash: string;
  purpose: string;
  created_at: Date;
  user_id: string | null;
  email: string | null;
  expires_at: Date | null;
}

/** Whose secret it is, the address it was made for, and its end; null: nobody's, and without an end. */
export interface SecretBinding {
  userId: string | null;
  email: string | null;
  expiresAt: Date | null;
}

/** Stores the hash of a secret that may be used once, for one purpose. */
export async function insertOneTimeSecret(
  tx: WriteTransaction,
  secret: { id: string; secretHash: string; purpose: string; binding?: SecretBinding },
): Promise<void> {
  await tx.db
    .insertInto('one_time_secrets')
    .values({
      id: secret.id,
      secret_hash: secret.secretHash,
      purpose: secret.purpose,
      created_at: tx.at,
      user_id: secret.binding?.userId ?? null,
      email: secret.binding?.email ?? null,
      expires_at: secret.binding?.expiresAt ?? null,
    })
    .execute();
}

/** Whether this secret is still unused for this purpose; its end is the caller's to mind. */
export async function hasOneTimeSecret(db: Kysely<Database>, purpose: string, secretHash: string): Promise<boolean> {
  return (await selectSecretBinding(db, purpose, secretHash)) !== null;
}

/** Whose unused secret of this purpose has this hash, its end past or not; null when there is none. */
export async function selectSecretBinding(
  db: Kysely<Database>,
  purpose: string,
  secretHash: string,
): Promise<SecretBinding | null> {
  const row = await db
    .selectFrom('one_time_secrets')
    .select(['user_id', 'email', 'expires_at'])
    .where('purpose', '=', purpose)
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
  return row ? { userId: row.user_id, email: row.email, expiresAt: row.expires_at } : null;
}

/** Removes the secret with this hash, unless its end has come, and gives back whose it was; null when there is none. */
export async function takeSecret(
  tx: WriteTransaction,
  purpose: string,
  secretHash: string,
): Promise<Omit<SecretBinding, 'expiresAt'> | null> {
  const [row] = await tx.db
    .deleteFrom('one_time_secrets')
    .where('purpose', '=', purpose)
    .where('secret_hash', '=', secretHash)
    .where('expires_at', '>', tx.at)
    .returning(['user_id', 'email'])
    .execute();
  return row ? { userId: row.user_id, email: row.email } : null;
}

/** The ids of this user's secrets of this purpose that have not ended, eldest first. */
export async function selectOutstandingSecrets(
  tx: WriteTransaction,
  given: { userId: string; purpose: string },
): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('one_time_secrets')
    .select('id')
    .where('purpose', '=', given.purpose)
    .where('user_id', '=', given.userId)
    .where('expires_at', '>', tx.at)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Removes the secret with this id. */
export async function deleteOneTimeSecret(tx: WriteTransaction, id: string): Promise<void> {
  await tx.db.deleteFrom('one_time_secrets').where('id', '=', id).execute();
}

/** Makes every secret of this purpose unusable. */
export async function deleteOneTimeSecrets(tx: WriteTransaction, purpose: string): Promise<void> {
  await tx.db.deleteFrom('one_time_secrets').where('purpose', '=', purpose).execute();
}

/** Makes every secret of this user unusable, whatever it is for. */
export async function deleteSecretsOf(tx: WriteTransaction, userId: string): Promise<void> {
  await tx.db.deleteFrom('one_time_secrets').where('user_id', '=', userId).execute();
}

/** Removes every secret whose end has come. */
export async function deleteEndedSecrets(tx: WriteTransaction): Promise<void> {
  await tx.db.deleteFrom('one_time_secrets').where('expires_at', '<=', tx.at).execute();
}
