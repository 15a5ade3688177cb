import type { Services } from '../operation/services.ts';
import { removeTable } from '../registry/change-registry.ts';
import type { Table } from '../registry/table.ts';
import { removeSharingOfTable, type RemovedSharing } from '../sharing/remove-sharing.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteTableState } from './table-state.store.ts';
import { releaseTurns } from './turn.store.ts';

/** How much goes along with tables. */
export interface RemovedWithTables extends RemovedSharing {
  readonly tables: number;
  /** Parquet files; they are deleted from the disk when nothing can read them any more. */
  readonly files: number;
  readonly sizeBytes: number;
}

/** Removes tables inside a transaction, with their grants and what they hold. What past runs say of them stays. */
export async function removeTables(
  tx: WriteTransaction,
  services: Services,
  tables: readonly Table[],
): Promise<RemovedWithTables> {
  const { files, sizeBytes } = heldBy(services, tables);
  let tableGrants = 0;
  let accessRequests = 0;
  for (const table of tables) {
    const sharing = await removeSharingOfTable(tx, table.id);
    tableGrants += sharing.tableGrants;
    accessRequests += sharing.accessRequests;
    const state = services.generations.state(table.id);
    if (state) await deleteTableState(tx, state);
    await removeTable(tx, table);
  }
  await releaseTurns(
    tx,
    tables.map((table) => table.id),
  );
  return { tables: tables.length, tableGrants, accessRequests, files, sizeBytes };
}

/** The files of these tables. */
export function heldBy(services: Services, tables: readonly Table[]): Pick<RemovedWithTables, 'files' | 'sizeBytes'> {
  const files = tables.flatMap((table) => services.generations.state(table.id)?.files ?? []);
  return { files: files.length, sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0) };
}
