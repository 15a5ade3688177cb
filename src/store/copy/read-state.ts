import { sql, type ExpressionBuilder, type Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { Store } from '../store.ts';
import { asCopied, describeTables, untyped, type StateTable, type TablePage } from './tables.ts';

const rowsPerPage = 5_000;

/**
 * Every row of the state as it stood at one instant, table by table, while others go on reading and writing. The snapshot is held
 * until the last page was taken, or the generator was returned.
 */
export async function* readState(store: Store): AsyncGenerator<TablePage> {
  const snapshot = await store.db.startTransaction().setIsolationLevel('repeatable read').execute();
  try {
    for (const table of await describeTables(snapshot)) yield* readTable(snapshot, table);
  } finally {
    await snapshot.rollback().execute();
  }
}

/** The version that the tables of this state have. */
export async function readSchemaVersion({ db }: Pick<Store, 'db'>): Promise<number> {
  const { rows } = await sql<{ version: number }>`select max(version) as version from schema_version`.execute(db);
  return Number(rows[0]!.version);
}

/** Every row of one table, in pages that are never empty. */
export async function* readTable(db: Kysely<Database>, table: StateTable): AsyncGenerator<TablePage> {
  let last: Record<string, unknown> | undefined;
  for (;;) {
    let query = untyped(db).selectFrom(table.name).selectAll().limit(rowsPerPage);
    for (const column of table.key) query = query.orderBy(column);
    const behind = last;
    if (behind) query = query.where((eb) => isBehind(eb, { key: table.key, row: behind }));
    const rows = await query.execute();
    if (rows.length > 0) yield { table: table.name, rows: rows.map(asCopied) };
    if (rows.length < rowsPerPage) return;
    last = rows.at(-1);
  }
}

/** `(a, b) > (1, 2)`, written so that both databases use the order of the key. */
function isBehind(
  eb: ExpressionBuilder<Record<string, Record<string, unknown>>, string>,
  { key, row }: { key: readonly string[]; row: Record<string, unknown> },
) {
  return eb.or(
    key.map((column, at) =>
      eb.and([...key.slice(0, at).map((before) => eb(before, '=', row[before])), eb(column, '>', row[column])]),
    ),
  );
}
