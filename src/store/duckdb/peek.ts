import { existsSync } from 'node:fs';
import type { PeekedState } from '../backend.ts';
import { schemaTable, type Migration } from '../migrations.ts';
import { readForeignFile, type ForeignFile } from './foreign-file.ts';
import { inspectState } from './migrate-file.ts';
import { asOpenError, lockStateFile } from './open.ts';
import { StateFiles } from './state-files.ts';

/**
 * What `<dataDir>/state/system.duckdb` holds with its log, looked at without changing either; throws the `StoreOpenError` with which
 * opening it would end.
 */
export async function peekFile(dataDir: string, migrations: readonly Migration[]): Promise<PeekedState> {
  const { file, unlock } = lockStateFile(dataDir);
  try {
    const files = new StateFiles(file);
    if (!existsSync(files.current)) return { version: undefined, usedTable: undefined };
    const { found } = await inspectState(files, migrations);
    const usedTable = await readForeignFile({ file: files.current, timeZone: 'UTC' }, findUsed);
    return { version: found.version, usedTable };
  } catch (error) {
    throw asOpenError(file, error);
  } finally {
    unlock();
  }
}

/** The first table with a row. */
async function findUsed(state: ForeignFile): Promise<string | undefined> {
  for (const table of state.tables.keys()) {
    if (table === schemaTable) continue;
    for await (const rows of state.rows(table)) if (rows.length > 0) return table;
  }
  return undefined;
}
