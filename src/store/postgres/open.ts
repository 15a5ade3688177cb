import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from '../../kernel/log.ts';
import type { Backend } from '../backend.ts';
import type { Database } from '../database.ts';
import { firstLine } from '../errors.ts';
import type { Migration } from '../migrations.ts';
import { StateUnreadableError } from '../open-errors.ts';
import { Connections } from './connections.ts';
import { migrateDatabase } from './migrate.ts';
import { writeLock } from './write-lock.ts';

const readers = 8;

export interface PostgresOptions {
  databaseUrl: string;
  migrations: readonly Migration[];
  at: Date;
  log?: Log | undefined;
}

/** Opens the database of `databaseUrl`, migrated; throws a `StoreOpenError` when it cannot. */
export async function openPostgres({ databaseUrl, migrations, at, log }: PostgresOptions): Promise<Backend> {
  await migrate(databaseUrl, { migrations, at });
  const setup = "set TimeZone = 'UTC'";
  const writing = new Connections({ databaseUrl, size: 1, setup, log });
  const reading = new Connections({
    databaseUrl,
    size: readers,
    setup: `${setup}; set default_transaction_read_only = on`,
    log,
  });
  return {
    dialect: 'postgres',
    reader: new Kysely<Database>({ dialect: new PostgresDialect({ pool: reading }) }),
    writer: new Kysely<Database>({ dialect: new PostgresDialect({ pool: writing }) }),
    beginAlone: async (tx) => void (await tx.executeQuery(CompiledQuery.raw(writeLock))),
    close: async () => void (await Promise.all([writing.end(), reading.end()])),
  };
}

async function migrate(databaseUrl: string, work: { migrations: readonly Migration[]; at: Date }): Promise<void> {
  const { host, pathname } = new URL(databaseUrl);
  const place = `PostgreSQL ${host}${pathname}`;
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new StateUnreadableError(`${place} cannot be reached: ${firstLine(error)}`, error);
  }
  try {
    await migrateDatabase(client, { ...work, place });
  } finally {
    await client.end();
  }
}
