import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteTableGrantsOn, selectTableGrantsOn } from './table-grant.store.ts';

/** Removes, inside a transaction, the grants on this table; resolves to how many there were. */
export async function removeSharingOfTable(tx: WriteTransaction, tableId: string): Promise<{ tableGrants: number }> {
  return { tableGrants: await deleteTableGrantsOn(tx, tableId) };
}

/** How many grants there are on these tables. */
export async function countTableGrantsOn(
  db: Kysely<Database>,
  tables: readonly { readonly id: string }[],
): Promise<number> {
  const ids = tables.map((table) => table.id);
  return (await selectTableGrantsOn(db, ids)).length;
}
