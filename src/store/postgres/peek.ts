import pg from 'pg';
import { firstLine } from '../errors.ts';
import { StateUnreadableError } from '../open-errors.ts';

/** Whether one of these tables has a row, looked at without changing anything; throws a `StoreOpenError` when there is no answer. */
export async function hasRows(databaseUrl: string, tables: readonly string[]): Promise<boolean> {
  const { host, pathname } = new URL(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c default_transaction_read_only=on' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const table of tables) {
      const { rows } = await client.query<{ name: string | null }>('select to_regclass($1) as name', [table]);
      if (rows[0]?.name === null) continue;
      const found = await client.query(`select 1 from ${pg.escapeIdentifier(table)} limit 1`);
      if (found.rows.length > 0) return true;
    }
    return false;
  } catch (error) {
    throw new StateUnreadableError(`PostgreSQL ${host}${pathname} cannot be read: ${firstLine(error)}`, error);
  } finally {
    await client.end();
  }
}
