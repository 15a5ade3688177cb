import { existsSync } from 'node:fs';
import type { PeekedState } from '../backend.ts';
import { pendingMigrations, schemaTable, type Migration } from '../migrations.ts';
import { readForeignFile, type ForeignFile } from './foreign-file.ts';
import { asOpenError, lockStateFile } from './open.ts';
import { StateFiles } from './state-files.ts';

/**
 * What `<dataDir>/state/system.duckdb` holds with its log, looked at without changing either; throws the `StoreOpenError` with which
 * opening it would end.
 */
export async function peekFile(dataDir: string, migrations: readonly Migration[]): Promise<PeekedState> {
  const { file, unlock } = lockStateFile(dataDir);
  try {
    const { current } = new StateFiles(file);
    if (!existsSync(current)) return { version: undefined, usedTable: undefined };
    return await readForeignFile({ file: current, timeZone: 'UTC' }, async (state) => {
      const tables = [...state.tables.keys()];
      const version = await readVersion(state);
      pendingMigrations({ tables, version }, migrations, file);
      return { version, usedTable: await findUsed(state) };
    });
  } catch (error) {
    throw asOpenError(file, error);
  } finally {
    unlock();
  }
}

async function readVersion(state: ForeignFile): Promise<number | undefined> {
  const versions: number[] = [];
  for await (const rows of state.rows(schemaTable)) versions.push(...rows.map(({ version }) => Number(version)));
  return versions.length === 0 ? undefined : Math.max(...versions);
}

/** The first table with a row. */
async function findUsed(state: ForeignFile): Promise<string | undefined> {
  for (const table of state.tables.keys()) {
    if (table === schemaTable) continue;
    for await (const rows of state.rows(table)) if (rows.length > 0) return table;
  }
  return undefined;
}
