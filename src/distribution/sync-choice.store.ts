import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';

declare module '../store/database.ts' {
  interface Database {
    sync_choices: SyncChoicesTable;
  }
}

interface SyncChoicesTable {
  user_id: string;
  table_ids: string;
  updated_at: Date;
}

/** The ids of the tables that a person wants on their laptops, sorted; null: all that they may read. */
export async function selectSyncChoice(db: Kysely<Database>, userId: string): Promise<string[] | null> {
  const row = await db.selectFrom('sync_choices').select('table_ids').where('user_id', '=', userId).executeTakeFirst();
  return row ? (JSON.parse(row.table_ids) as string[]) : null;
}

/** Puts a choice in the place of the one before. */
export async function replaceSyncChoice(
  tx: WriteTransaction,
  { userId, tableIds }: { userId: string; tableIds: readonly string[] | null },
): Promise<void> {
  await deleteSyncChoice(tx, userId);
  if (tableIds === null) return;
  const row = { user_id: userId, table_ids: JSON.stringify(tableIds.toSorted()), updated_at: tx.at };
  await tx.db.insertInto('sync_choices').values(row).execute();
}

/** Removes a person's choice; resolves to how many rows there were. */
export async function deleteSyncChoice(tx: WriteTransaction, userId: string): Promise<number> {
  const rows = await tx.db.deleteFrom('sync_choices').where('user_id', '=', userId).returning('user_id').execute();
  return rows.length;
}
