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
}

/** Stores the hash of a secret that may be used once, for one purpose. */
export async function insertOneTimeSecret(
  tx: WriteTransaction,
  secret: { id: string; secretHash: string; purpose: string },
): Promise<void> {
  await tx.db
    .insertInto('one_time_secrets')
    .values({ id: secret.id, secret_hash: secret.secretHash, purpose: secret.purpose, created_at: tx.at })
    .execute();
}

/** Whether this secret is still unused for this purpose. */
export async function hasOneTimeSecret(db: Kysely<Database>, purpose: string, secretHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('one_time_secrets')
    .select('id')
    .where('purpose', '=', purpose)
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
  return row !== undefined;
}

/** Makes every secret of this purpose unusable. */
export async function deleteOneTimeSecrets(tx: WriteTransaction, purpose: string): Promise<void> {
  await tx.db.deleteFrom('one_time_secrets').where('purpose', '=', purpose).execute();
}
