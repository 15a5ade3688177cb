import { createHash } from 'node:crypto';
import type { Store } from '../store.ts';
import { CopyDiffersError, StateNotEmptyError } from './errors.ts';
import { readTable } from './read-state.ts';
import { RowWriter } from './row-writer.ts';
import { describeTables, type CopiedRow, type StateTable, type TablePage } from './tables.ts';

/**
 * Fills an empty state with the rows of another, in one transaction that commits only after every row was read back and compared with
 * what was given. Resolves to how many rows each table got. Throws a `StoreOpenError` and changes nothing when it cannot.
 */
export function copyState(target: Store, source: AsyncIterable<TablePage>): Promise<ReadonlyMap<string, number>> {
  return target.write(async ({ db }) => {
    const tables = await describeTables(db);
    for (const table of tables) {
      for await (const page of readTable(db, table)) throw new StateNotEmptyError(page.table);
    }
    const given = new Map(tables.map(({ name }) => [name, new RowDigest()]));
    const writer = new RowWriter({ db, dialect: target.dialect, tables });
    for await (const page of source) {
      checkPage(tables, page);
      for (const row of page.rows) await writer.add(page.table, row);
      given.get(page.table)!.add(page.rows);
    }
    for (const table of writer.tables) await writer.flush(table);
    for (const table of tables) {
      const found = new RowDigest();
      for await (const { rows } of readTable(db, table)) found.add(rows);
      if (!found.equals(given.get(table.name)!)) throw new CopyDiffersError(table.name);
    }
    return new Map([...given].map(([name, { count }]) => [name, count]));
  });
}

/** Throws when the state has no such table, or not all of its columns. */
function checkPage(tables: readonly StateTable[], { table: name, rows }: TablePage): void {
  const table = tables.find((known) => known.name === name);
  const known = rows.every((row) => Object.keys(row).every((column) => table?.columns.has(column)));
  if (!table || !known) throw new CopyDiffersError(name);
}

/** Tells sets of rows apart, in whatever order they come: the count, and the sum of the rows' hashes. */
class RowDigest {
  count = 0;
  #sum = 0n;

  add(rows: readonly CopiedRow[]): void {
    this.count += rows.length;
    for (const row of rows) {
      const text = JSON.stringify(Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1)));
      this.#sum += BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
    }
  }

  equals(other: RowDigest): boolean {
    return this.count === other.count && this.#sum === other.#sum;
  }
}
