import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import { systemClock } from '../kernel/clock.ts';
import { inspectBackup, readBackup, type NamedFile } from '../store/copy/backup-file.ts';
import { copyState } from '../store/copy/copy-state.ts';
import { readSchemaVersion, readState } from '../store/copy/read-state.ts';
import type { TablePage } from '../store/copy/tables.ts';
import { migrationsFolder, newestVersion, readMigrations } from '../store/migrations.ts';
import { StateTooNewError, StateUnreadableError } from '../store/open-errors.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { describeFile } from './backup-files.ts';

type Tell = (line: string) => void;

/**
 * Fills the empty state database of `config` from a backup, every row compared with it before anything is kept, and tells which of the files
 * beside it are missing or others. Throws a `StoreOpenError` and changes nothing when it cannot.
 */
export async function restoreBackup(path: string, given: { config: Config; log: Log; tell: Tell }): Promise<void> {
  const { config, log, tell } = given;
  const { header, files } = await inspectBackup(path);
  const newest = newestVersion(readMigrations(migrationsFolder, 'duckdb'));
  if (header.schemaVersion > newest) throw new StateTooNewError(path, { found: header.schemaVersion, newest });
  const store = await openStore({ ...config, clock: systemClock, log, upTo: header.schemaVersion });
  const copied = await filled(store, readBackup(path));
  tell(`Restored ${describe(copied)} as of ${header.takenAt}; every row was compared with the backup.`);
  for (const line of await missingFiles(config.dataDir, files)) tell(line);
}

/**
 * Brings the state from the DuckDB file in `DATA_DIR` into the empty PostgreSQL at `databaseUrl`, every row compared before anything is
 * kept. The file stays as it is. Throws a `StoreOpenError` and changes nothing when it cannot.
 */
export async function moveState(databaseUrl: string, given: { config: Config; log: Log; tell: Tell }): Promise<void> {
  const { config, log, tell } = given;
  const file = join(config.dataDir, 'state/system.duckdb');
  if (!existsSync(file)) throw new StateUnreadableError(`There is no state at ${file} that could move.`);
  const source = await openStore({ dataDir: config.dataDir, clock: systemClock, log });
  try {
    const upTo = await readSchemaVersion(source);
    const target = await openStore({ dataDir: config.dataDir, databaseUrl, clock: systemClock, log, upTo });
    const copied = await filled(target, readState(source));
    tell(`Moved ${describe(copied)} into PostgreSQL; every row was compared with its source.`);
    tell('Start with DATABASE_URL set to it from now on. The DuckDB file stays where it is and is used no more.');
  } finally {
    await source.close();
  }
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

/** A line for each file that is not there as the backup knew it; nothing when all are. */
async function missingFiles(dataDir: string, files: readonly NamedFile[]): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    const found = await describeFile(dataDir, file.path).catch(() => null);
    if (!found) lines.push(`missing: ${file.path} (${file.sizeBytes} bytes)`);
    else if (found.sha256 !== file.sha256 || found.sizeBytes !== file.sizeBytes) lines.push(`another: ${file.path}`);
  }
  if (lines.length === 0) return [`All ${files.length} files beside it are there as they were.`];
  return [
    `Of ${files.length} files beside it these are not in ${dataDir} as they were; copy them there, or sync their sources:`,
    ...lines,
  ];
}
