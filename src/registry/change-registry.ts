import type { WriteTransaction } from '../store/store.ts';
import type { Source } from './source.ts';
import { deleteStoredSource, updateStoredSource } from './source.store.ts';
import type { Table } from './table.ts';
import { deleteStoredTable, updateStoredTable } from './table.store.ts';

/** Removes a table inside a transaction; the caller removes what belongs to it in the same one. */
export async function removeTable(tx: WriteTransaction, table: Table): Promise<void> {
  await deleteStoredTable(tx, table);
}

/** Removes a source inside a transaction; the caller has removed its tables in the same one. */
export async function removeSource(tx: WriteTransaction, source: Source): Promise<void> {
  await deleteStoredSource(tx, source);
}

/** Writes a source's new configuration inside a transaction; the caller has had it checked. */
export async function changeSource(tx: WriteTransaction, source: Source): Promise<void> {
  await updateStoredSource(tx, source);
}

/** Writes a table anew inside a transaction; the caller has seen to it that its names stay free. */
export async function changeTable(tx: WriteTransaction, table: Table): Promise<void> {
  await updateStoredTable(tx, table);
}
