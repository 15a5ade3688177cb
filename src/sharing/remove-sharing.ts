import type { WriteTransaction } from '../store/store.ts';
import { deleteAccessRequestsFor } from './access-request.store.ts';
import { deleteTableGrantsOn, deleteTableGrantsOnSource } from './table-grant.store.ts';

/** Removes, inside a transaction, the grants on this table and the requests for it; those on its bucket or source stay. */
export async function removeSharingOfTable(
  tx: WriteTransaction,
  tableId: string,
): Promise<{ tableGrants: number; accessRequests: number }> {
  return {
    tableGrants: await deleteTableGrantsOn(tx, tableId),
    accessRequests: await deleteAccessRequestsFor(tx, tableId),
  };
}

/** Removes, inside a transaction, the grants on this source and on its buckets; resolves to how many there were. */
export function removeTableGrantsOfSource(tx: WriteTransaction, sourceId: string): Promise<number> {
  return deleteTableGrantsOnSource(tx, sourceId);
}
