import type { Services } from '../operation/services.ts';
import type { StoredTableGrant } from './stored-table-grant.ts';
import { selectTableGrant, selectTableGrantsOn } from './table-grant.store.ts';

/** The grants on each of these tables, oldest first, each list at its table's place. */
export async function readTableGrants(services: Services, tableIds: readonly string[]): Promise<StoredTableGrant[][]> {
  const grants = await selectTableGrantsOn(services.store.db, tableIds);
  return tableIds.map((tableId) => grants.filter((grant) => grant.tableId === tableId));
}

/** The grant with this id, or null. */
export function findTableGrant(services: Services, id: string): Promise<StoredTableGrant | null> {
  return selectTableGrant(services.store.db, id);
}
