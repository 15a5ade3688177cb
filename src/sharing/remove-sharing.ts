import type { Services } from '../operation/services.ts';
import type { WriteTransaction } from '../store/store.ts';
import { countAccessRequestsFor, deleteAccessRequestsFor } from './access-request.store.ts';
import { deleteTableGrantsOn, deleteTableGrantsOnSource } from './table-grant.store.ts';

/** How much of sharing goes along with tables, or with a source and its tables. */
export interface RemovedSharing {
  readonly tableGrants: number;
  readonly accessRequests: number;
}

/** Removes, inside a transaction, the grants on this table and the requests for it; those on its bucket or source stay. */
export async function removeSharingOfTable(tx: WriteTransaction, tableId: string): Promise<RemovedSharing> {
  return {
    tableGrants: await deleteTableGrantsOn(tx, tableId),
    accessRequests: await deleteAccessRequestsFor(tx, tableId),
  };
}

/** Removes, inside a transaction, the grants on this source and on its buckets; resolves to how many there were. */
export function removeTableGrantsOfSource(tx: WriteTransaction, sourceId: string): Promise<number> {
  return deleteTableGrantsOnSource(tx, sourceId);
}

/** What of sharing would go along with this source and these tables, all of its own. */
export async function countSharingOf(
  tx: WriteTransaction,
  services: Services,
  given: { sourceId: string; tableIds: readonly string[] },
): Promise<RemovedSharing> {
  const { sourceId, tableIds } = given;
  const onTables = tableIds.flatMap((id) =>
    services.tableAccess.grantsOn(id).filter(({ scope }) => scope.kind === 'table'),
  );
  return {
    tableGrants: onTables.length + services.tableAccess.grantsOnSource(sourceId).length,
    accessRequests: await countAccessRequestsFor(tx.db, tableIds),
  };
}
