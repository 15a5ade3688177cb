import pg from 'pg';
import type { PeekedState } from '../backend.ts';
import { firstLine } from '../errors.ts';
import { pendingMigrations, schemaTable, type Migration } from '../migrations.ts';
import { StateUnreadableError, StoreOpenError } from '../open-errors.ts';
import { findSchema } from './migrate.ts';

/** Whether one of these tables has a row, looked at without changing anything; throws a `StoreOpenError` when there is no answer. */
export function hasRows(databaseUrl: string, tables: readonly string[]): Promise<boolean> {
  return peek(databaseUrl, async (client) => (await findUsed(client, tables)) !== undefined);
}

/** What the database holds, looked at without changing anything; throws the `StoreOpenError` with which opening it would end. */
export function peekDatabase(databaseUrl: string, migrations: readonly Migration[]): Promise<PeekedState> {
  return peek(databaseUrl, async (client, place) => {
    const found = await findSchema(client);
    pendingMigrations(found, migrations, place);
    const tables = found.tables.filter((table) => table !== schemaTable);
    return { version: found.version, usedTable: await findUsed(client, tables) };
  });
}

/** The first of these tables that is there and has a row. */
async function findUsed(client: pg.ClientBase, tables: readonly string[]): Promise<string | undefined> {
  for (const table of tables) {
    const name = pg.escapeIdentifier(table);
    const { rows } = await client.query<{ name: string | null }>('select to_regclass($1) as name', [name]);
    if (rows[0]?.name === null) continue;
    const found = await client.query(`select 1 from ${name} limit 1`);
    if (found.rows.length > 0) return table;
  }
  return undefined;
}

async function peek<Result>(
  databaseUrl: string,
  look: (client: pg.ClientBase, place: string) => Promise<Result>,
): Promise<Result> {
  const { host, pathname } = new URL(databaseUrl);
  const place = `PostgreSQL ${host}${pathname}`;
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({ connectionString: databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('begin transaction read only');
    return await look(client, place);
  } catch (error) {
    if (error instanceof StoreOpenError) throw error;
    throw new StateUnreadableError(`${place} cannot be read: ${firstLine(error)}`, error);
  } finally {
    await client?.end();
  }
}
