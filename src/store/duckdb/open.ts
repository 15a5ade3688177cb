import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { Kysely } from 'kysely';
import type { Log } from '../../kernel/log.ts';
import type { Backend } from '../backend.ts';
import type { Database } from '../database.ts';
import { firstLine, type StoreFailedError } from '../errors.ts';
import type { Migration } from '../migrations.ts';
import { StateUnreadableError, StoreOpenError } from '../open-errors.ts';
import { ConnectionPool } from './connection-pool.ts';
import { createDuckDbDialect } from './dialect.ts';
import { openInstance } from './instance.ts';
import { takeLock } from './lock-file.ts';
import { migrateFile } from './migrate-file.ts';
import { PreparedConnection, type ConnectionOptions } from './prepared-connection.ts';

const readers = 4;

export interface DuckDbOptions {
  dataDir: string;
  migrations: readonly Migration[];
  at: Date;
  checkpointIntervalSeconds: number;
  onFatal(error: StoreFailedError): void;
  log?: Log | undefined;
}

/** Opens `<dataDir>/state/system.duckdb` for this process alone, migrated; throws a `StoreOpenError` when it cannot. */
export async function openDuckDb(options: DuckDbOptions): Promise<Backend> {
  const { file, unlock } = lockStateFile(options.dataDir);
  try {
    await migrateFile({ file, migrations: options.migrations, at: options.at });
    return await connect(await openInstance(file), options, unlock);
  } catch (error) {
    unlock();
    throw asOpenError(file, error);
  }
}

function lockStateFile(dataDir: string): { file: string; unlock: () => void } {
  const folder = join(dataDir, 'state');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const named = join(realpathSync(folder), 'system.duckdb');
    const file = existsSync(named) ? realpathSync(named) : named;
    return { file, unlock: takeLock(file) };
  } catch (error) {
    throw asOpenError(folder, error);
  }
}

function asOpenError(place: string, error: unknown): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  return new StateUnreadableError(`${place} cannot be used for the state: ${firstLine(error)}`, error);
}

async function connect(instance: DuckDBInstance, options: DuckDbOptions, unlock: () => void): Promise<Backend> {
  const writing = await openPool(instance, 1, { readOnly: false, onFatal: options.onFatal });
  const reading = await openPool(instance, readers, { readOnly: true, onFatal: options.onFatal });
  const timer = setInterval(() => {
    checkpoint(writing).catch((error: unknown) => options.log?.warn({ err: error }, 'checkpoint failed'));
  }, options.checkpointIntervalSeconds * 1000).unref();
  return {
    dialect: 'duckdb',
    reader: new Kysely<Database>({ dialect: createDuckDbDialect(reading) }),
    writer: new Kysely<Database>({ dialect: createDuckDbDialect(writing) }),
    beginAlone: async () => undefined,
    async close() {
      clearInterval(timer);
      await Promise.all([writing.close(), reading.close()]);
      instance.closeSync();
      unlock();
    },
  };
}

async function openPool(instance: DuckDBInstance, size: number, options: ConnectionOptions): Promise<ConnectionPool> {
  const natives = await Promise.all(Array.from({ length: size }, () => instance.connect()));
  return new ConnectionPool(natives.map((native) => new PreparedConnection(native, options)));
}

/** Waits for its turn among the transactions. */
async function checkpoint(writing: ConnectionPool): Promise<void> {
  const connection = await writing.acquire();
  try {
    await connection.run('checkpoint');
  } finally {
    writing.release(connection);
  }
}
