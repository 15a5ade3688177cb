import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { firstLine } from '../errors.ts';
import { pendingMigrations, scriptOf, type FoundSchema, type Migration } from '../migrations.ts';
import { MigrationFailedError, StateUnreadableError } from '../open-errors.ts';
import { inspectFile, withInstance } from './instance.ts';
import type { StateFiles } from './state-files.ts';

export interface MigrationPlan {
  migrations: readonly Migration[];
  at: Date;
}

/**
 * Brings the file to the newest version, its log folded in, or throws and leaves it as it was. The steps run on a copy,
 * which takes the file's place when all are done; the file as it was is kept in `backups/`. Nobody may have it open.
 */
export async function migrateFile(files: StateFiles, { migrations, at }: MigrationPlan): Promise<void> {
  if (!existsSync(files.current)) {
    if (files.logBytes > 0)
      throw new StateUnreadableError(`${files.file} is missing but its log is there; restore it.`);
    return rebuild(files, { migrations, at });
  }
  const { found, pending } = await inspectState(files, migrations);
  await foldLog(files);
  if (pending.length === 0) return;
  await rebuild(files, { migrations: pending, at }, found.version);
}

/** What there is, and the steps that it lacks; changes nothing. Throws a `StoreOpenError` for a file that is not to be migrated. */
export async function inspectState(
  files: StateFiles,
  migrations: readonly Migration[],
): Promise<{ found: FoundSchema; pending: readonly Migration[] }> {
  const found = await inspectFile(files.current, findSchema);
  return { found, pending: pendingMigrations(found, migrations, files.file) };
}

/** Makes the file whole by itself, when nobody has it open: installs what is ready, and moves the log into the file. */
export async function foldLog(files: StateFiles): Promise<void> {
  await files.install();
  if (files.logBytes > 0) await rebuild(files, { migrations: [], at: new Date(0) });
}

async function rebuild(files: StateFiles, { migrations, at }: MigrationPlan, version?: number): Promise<void> {
  try {
    await withInstance(await files.copy(), async (connection) => {
      for (const step of migrations) await runStep(connection, { step, at, place: files.file });
    });
    if (version !== undefined) await files.keepBackup(backupName(files.file, { version, at }));
    await files.declareReady();
  } catch (error) {
    await files.discardCopy();
    throw error;
  }
  await files.install();
}

async function runStep(
  connection: DuckDBConnection,
  { step, at, place }: { step: Migration; at: Date; place: string },
): Promise<void> {
  try {
    await connection.run('begin');
    await connection.run(scriptOf(step, at));
    await connection.run('commit');
  } catch (error) {
    throw new MigrationFailedError({ file: step.file, reason: firstLine(error), place }, error);
  }
}

function backupName(file: string, from: { version: number; at: Date }): string {
  const time = from.at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${basename(file, '.duckdb')}-v${from.version}-${time}.duckdb`;
}

async function findSchema(connection: DuckDBConnection): Promise<FoundSchema> {
  const found = await connection.runAndReadAll('select table_name from duckdb_tables() where not internal');
  const tables = found.getRows().map(([name]) => String(name).toLowerCase());
  if (!tables.includes('schema_version')) return { tables, version: undefined };
  const newest = await connection.runAndReadAll('select max(version)::integer from schema_version');
  const version = newest.getRows()[0]?.[0];
  return { tables, version: typeof version === 'number' ? version : undefined };
}
