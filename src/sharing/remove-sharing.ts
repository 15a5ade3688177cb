import type { Kysely } from 'kysely';
import type { Services } from '../operation/services.ts';
import type { Database } from '../store/database.ts';
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

/** What of sharing would go along with these tables and, unless it is null, with this source. */
export async function countSharingOf(
  db: Kysely<Database>,
  services: Services,
  given: { sourceId: string | null; tableIds: readonly string[] },
): Promise<RemovedSharing> {
  const { sourceId, tableIds } = given;
  const onTables = tableIds.flatMap((id) =>
    services.tableAccess.grantsOn(id).filter(({ scope }) => scope.kind === 'table'),
  );
  const onSource = sourceId === null ? [] : services.tableAccess.grantsOnSource(sourceId);
  return {
    tableGrants: onTables.length + onSource.length,
    accessRequests: await countAccessRequestsFor(db, tableIds),
  };
}
