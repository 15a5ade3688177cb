import pg from 'pg';
import { StoreFailedError } from '../errors.ts';
import { StoreOpenError } from '../open-errors.ts';

/** Another server uses the database already. */
export class DatabaseInUseError extends StoreOpenError {
  readonly code = 'DATABASE_IN_USE';
}

const serverLock = 280_267_122_036;

/**
 * Makes this process the only server on a PostgreSQL database until the returned function is called: a server keeps access
 * rights in memory, so a second one would not hear of what the first takes away. Throws a `DatabaseInUseError` when there
 * is one; `onLost` is called when the connection that holds the lock breaks, and the process must end then.
 */
export async function lockDatabase(
  databaseUrl: string,
  onLost: (error: StoreFailedError) => void,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
  let released = false;
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [serverLock]);
  if (!rows[0]?.taken) {
    await client.end();
    const { host, pathname } = new URL(databaseUrl);
    throw new DatabaseInUseError(`PostgreSQL ${host}${pathname} is in use by another server; stop that one first.`);
  }
  client.on('end', () => {
    if (!released) onLost(new StoreFailedError('the connection that holds its lock was lost', null));
  });
  return async () => {
    released = true;
    await client.end();
  };
}
