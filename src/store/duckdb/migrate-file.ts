import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { firstLine } from '../errors.ts';
import { pendingMigrations, scriptOf, type FoundSchema, type Migration } from '../migrations.ts';
import { MigrationFailedError, StateUnreadableError } from '../open-errors.ts';
import { inspectFile, withInstance } from './instance.ts';

export interface MigrationPlan {
  file: string;
  migrations: readonly Migration[];
  at: Date;
}

/**
 * Brings the file to the newest version, or throws and leaves it as it was. The steps run on `<file>.new`, which takes
 * the file's place when all are done; the file as it was is kept in `backups/`. Nobody else may have it open.
 */
export async function migrateFile({ file, migrations, at }: MigrationPlan): Promise<void> {
  if (!existsSync(file)) {
    refuseLogWithoutFile(file);
    return build({ file, migrations, at });
  }
  const found = await inspectFile(file, findSchema);
  const pending = pendingMigrations(found, migrations, file);
  if (pending.length === 0) return;
  await withInstance(file, async () => undefined);
  await build({ file, migrations: pending, at }, found.version);
}

function refuseLogWithoutFile(file: string): void {
  if (!existsSync(`${file}.wal`)) return;
  throw new StateUnreadableError(`${file} is missing but its log ${file}.wal is there; restore the file.`);
}

/** Migrates a copy of the file, or an empty one, and lets it take the file's place at once. */
async function build({ file, migrations, at }: MigrationPlan, version?: number): Promise<void> {
  const made = `${file}.new`;
  removeDatabase(made);
  if (existsSync(file)) copyFileSync(file, made);
  try {
    await withInstance(made, async (connection) => {
      for (const step of migrations) await runStep(connection, { step, at, file });
    });
  } catch (error) {
    removeDatabase(made);
    throw error;
  }
  flush(made);
  if (version !== undefined) keepCopy(file, { version, at });
  renameSync(made, file);
  flush(dirname(file));
}

async function runStep(connection: DuckDBConnection, work: { step: Migration; at: Date; file: string }): Promise<void> {
  try {
    await connection.run('begin');
    await connection.run(scriptOf(work.step, work.at));
    await connection.run('commit');
  } catch (error) {
    const failure = { file: work.step.file, reason: firstLine(error), place: work.file };
    throw new MigrationFailedError(failure, error);
  }
}

function keepCopy(file: string, from: { version: number; at: Date }): void {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const time = from.at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const copy = join(folder, `${basename(file, '.duckdb')}-v${from.version}-${time}.duckdb`);
  copyFileSync(file, copy);
  flush(copy);
  flush(folder);
}

async function findSchema(connection: DuckDBConnection): Promise<FoundSchema> {
  const found = await connection.runAndReadAll('select table_name from duckdb_tables() where not internal');
  const tables = found.getRows().map(([name]) => String(name));
  if (!tables.includes('schema_version')) return { tables, version: undefined };
  const newest = await connection.runAndReadAll('select max(version)::integer from schema_version');
  const version = newest.getRows()[0]?.[0];
  return { tables, version: typeof version === 'number' ? version : undefined };
}

/** Removes the file with its log and whatever else DuckDB has put beside it. */
function removeDatabase(file: string): void {
  const folder = dirname(file);
  const parts = readdirSync(folder).filter((name) => name === basename(file) || name.startsWith(`${basename(file)}.`));
  for (const name of parts) rmSync(join(folder, name), { recursive: true, force: true });
}

/** Makes a file's bytes, or a folder's names, outlast a power cut. */
function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
