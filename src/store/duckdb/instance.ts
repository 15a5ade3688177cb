import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { firstLine } from '../errors.ts';
import { StateUnreadableError, StoreLockedError } from '../open-errors.ts';
import { readLockConflict } from './errors.ts';

const settings = {
  threads: '2',
  memory_limit: '512MB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  // Checkpoints happen where they are safe only: see `StateFiles`.
  checkpoint_threshold: '1TB',
};

// With it, a prepared statement keeps what the tables' statistics said when it was planned, and misses later rows (DuckDB
// issue 23704: 829 of 2,872 answers were stale, without it none of 19,200).
const unsafeForPrepared = 'statistics_propagation';

/** Opens the file for this process alone; it is never checkpointed by itself, not even when it is closed. */
export async function openInstance(file: string): Promise<DuckDBInstance> {
  const instance = await createInstance(file, settings);
  try {
    await withConnection(instance, async (connection) => {
      await connection.run('pragma disable_checkpoint_on_shutdown');
      await connection.run("set global TimeZone = 'UTC'");
      await connection.run(`set global disabled_optimizers = '${unsafeForPrepared}'`);
    });
    return instance;
  } catch (error) {
    instance.closeSync();
    throw unreadable(file, error);
  }
}

/** Looks into the file without changing a byte of it or of its log. */
export async function inspectFile<Result>(
  file: string,
  look: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const instance = await createInstance(file, { ...settings, access_mode: 'READ_ONLY' });
  try {
    return await withConnection(instance, look);
  } finally {
    instance.closeSync();
  }
}

/** Opens a copy that is not in use, runs `work`, and closes it so that the file stands for itself, without a log. */
export async function withInstance(file: string, work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  const instance = await openInstance(file);
  try {
    await withConnection(instance, async (connection) => {
      await work(connection);
      await connection.run('checkpoint');
    });
  } finally {
    instance.closeSync();
  }
}

async function withConnection<Result>(
  instance: DuckDBInstance,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

async function createInstance(file: string, options: Record<string, string>): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file, options);
  } catch (error) {
    const conflict = readLockConflict(error);
    if (conflict) throw new StoreLockedError(file, conflict.pid);
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): StateUnreadableError {
  return new StateUnreadableError(`${file} cannot be opened as a DuckDB database: ${firstLine(error)}`, error);
}
