import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import { readDatabaseUrl, type Config } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import { inspectBackup, readBackup, type BackupSummary } from '../store/copy/backup-file.ts';
import { copyState } from '../store/copy/copy-state.ts';
import { StateNewerError, StateNotEmptyError } from '../store/copy/errors.ts';
import { readState } from '../store/copy/read-state.ts';
import type { TablePage } from '../store/copy/tables.ts';
import { migrationsFolder, newestVersion, readMigrations } from '../store/migrations.ts';
import { StateTooNewError, StateUnreadableError } from '../store/open-errors.ts';
import { openStore } from '../store/open-store.ts';
import { peekState, type StatePlace } from '../store/peek-state.ts';
import type { Store } from '../store/store.ts';
import { compareFile } from './backup-files.ts';

type Tell = (line: string) => void;

/**
 * Fills the empty state database of `config` from a backup, every row compared with it before anything is kept, and tells which of the files
 * beside it are missing or others. Throws a `StoreOpenError` and changes nothing when it cannot.
 */
export async function restoreBackup(path: string, given: { config: Config; log: Log; tell: Tell }): Promise<void> {
  const { config, log, tell } = given;
  const backup = await inspectBackup(path);
  const { schemaVersion, takenAt } = backup.header;
  const newest = newestVersion(readMigrations(migrationsFolder, 'duckdb'));
  if (schemaVersion > newest) throw new StateTooNewError(path, { found: schemaVersion, newest });
  await refuseUnfit(config, schemaVersion);
  const target = await openStore({ ...config, clock: systemClock, log, upTo: schemaVersion });
  const copied = await filled(target, readBackup(path));
  tell(`Restored ${describe(copied)} as of ${takenAt}; every row was compared with the backup.`);
  for (const line of await compareFiles(config.dataDir, backup)) tell(line);
}

/**
 * Brings the state from the DuckDB file in `DATA_DIR` into the empty PostgreSQL at `databaseUrl`, every row compared before anything is
 * kept. The file keeps what it holds and its schema; only its own log is folded in. Throws a `StoreOpenError`, or a `ConfigurationError`
 * for what is no such URL, and changes nothing else when it cannot.
 */
export async function moveState(databaseUrl: string, given: { config: Config; log: Log; tell: Tell }): Promise<void> {
  const { config, log, tell } = given;
  const from = { dataDir: config.dataDir, clock: systemClock, log };
  const into = { ...from, databaseUrl: readDatabaseUrl(databaseUrl, '--move-state') };
  const file = join(config.dataDir, 'state/system.duckdb');
  const upTo = existsSync(file) ? (await peekState(from)).version : undefined;
  if (upTo === undefined) throw new StateUnreadableError(`There is no state at ${file} that could move.`);
  await refuseUnfit(into, upTo);
  const source = await openStore({ ...from, upTo });
  try {
    const copied = await filled(await openStore({ ...into, upTo }), readState(source));
    tell(`Moved ${describe(copied)} into PostgreSQL; every row was compared with its source.`);
    tell('Start with DATABASE_URL set to it from now on. The DuckDB file stays where it is and is used no more.');
  } finally {
    await source.close();
  }
}

/** Throws, before anything is migrated, when the state has rows, or its tables are newer than those that are to fill it. */
async function refuseUnfit(place: StatePlace, newest: number): Promise<void> {
  const { usedTable, version: found = 0 } = await peekState(place);
  if (usedTable !== undefined) throw new StateNotEmptyError(usedTable);
  if (found > newest) throw new StateNewerError({ found, newest });
}

async function filled(target: Store, source: AsyncIterable<TablePage>): ReturnType<typeof copyState> {
  try {
    return await copyState(target, source);
  } finally {
    await target.close();
  }
}

function describe(copied: ReadonlyMap<string, number>): string {
  const rows = [...copied.values()].reduce((sum, count) => sum + count, 0);
  return `${rows} rows of ${copied.size} tables`;
}

/** Lines about the files beside the state: which are not there as the backup knew them, and which it could not know. */
async function compareFiles(dataDir: string, { files, unreadable }: BackupSummary): Promise<string[]> {
  const unknown = unreadable.map(
    ({ path, reason }) => `could not be read when the backup was taken: ${path} (${reason})`,
  );
  const faults: string[] = [];
  for (const file of files) {
    const fault = await compareFile(dataDir, file);
    if (fault !== null) faults.push(fault);
  }
  if (faults.length === 0) return [`All ${files.length} files beside it are there as they were.`, ...unknown];
  return [
    `Of ${files.length} files beside it these are not in ${dataDir} as they were; copy them there, or sync their sources:`,
    ...faults,
    ...unknown,
  ];
}
