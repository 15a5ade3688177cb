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
import { Checkpoints } from './checkpoints.ts';
import { ConnectionPool } from './connection-pool.ts';
import { createDuckDbDialect } from './dialect.ts';
import { openInstance } from './instance.ts';
import { takeLock } from './lock-file.ts';
import { foldLog, migrateFile } from './migrate-file.ts';
import { PreparedConnection, type ConnectionOptions } from './prepared-connection.ts';
import { StateFiles } from './state-files.ts';

const readers = 4;

export interface DuckDbOptions {
  dataDir: string;
  migrations: readonly Migration[];
  at: Date;
  checkpoints: { intervalSeconds: number; leastLogBytes: number };
  onFatal(error: StoreFailedError): void;
  log?: Log | undefined;
}

/** Opens `<dataDir>/state/system.duckdb` for this process alone, migrated; throws a `StoreOpenError` when it cannot. */
export async function openDuckDb(options: DuckDbOptions): Promise<Backend> {
  const { file, unlock } = lockStateFile(options.dataDir);
  const files = new StateFiles(file);
  try {
    await migrateFile(files, options);
    return await connect(files, options, unlock);
  } catch (error) {
    unlock();
    throw asOpenError(file, error);
  }
}

/** Takes the file for this process alone, whether it is there or not; throws a `StoreOpenError` when it cannot. */
export function lockStateFile(dataDir: string): { file: string; unlock: () => void } {
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

/** The error itself where it is a `StoreOpenError`, otherwise one that says why `place` cannot hold a state. */
export function asOpenError(place: string, error: unknown): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  return new StateUnreadableError(`${place} cannot be used for the state: ${firstLine(error)}`, error);
}

async function connect(files: StateFiles, options: DuckDbOptions, unlock: () => void): Promise<Backend> {
  const instance = await openInstance(files.file);
  const writing = await openPool(instance, 1, { readOnly: false, onFatal: options.onFatal });
  const reading = await openPool(instance, readers, { readOnly: true, onFatal: options.onFatal });
  const checkpoints = await Checkpoints.start(files, writing, { ...options.checkpoints, ...options });
  return {
    dialect: 'duckdb',
    reader: new Kysely<Database>({ dialect: createDuckDbDialect(reading) }),
    writer: new Kysely<Database>({ dialect: createDuckDbDialect(writing) }),
    beginAlone: async () => undefined,
    async close() {
      await checkpoints.stop();
      await Promise.all([writing.close(), reading.close()]);
      instance.closeSync();
      await checkpoints.closeFile();
      await foldLog(files).catch((error: unknown) => options.log?.warn({ err: error }, 'the log stays as it is'));
      unlock();
    },
  };
}

async function openPool(instance: DuckDBInstance, size: number, options: ConnectionOptions): Promise<ConnectionPool> {
  const natives = await Promise.all(Array.from({ length: size }, () => instance.connect()));
  return new ConnectionPool(natives.map((native) => new PreparedConnection(native, options)));
}
