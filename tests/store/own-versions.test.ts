import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RowWriter } from '../../src/store/copy/row-writer.ts';
import { describeTables, untyped, type CopiedRow, type StateTable } from '../../src/store/copy/tables.ts';
import { migrationsFolder, readMigrations } from '../../src/store/migrations.ts';
import type { Store } from '../../src/store/store.ts';
import { times } from '../kit/times.ts';
import { describeOnBoth, makeFolder } from './stores.ts';

const step = times(8, 1);
const versions = readMigrations(migrationsFolder, 'duckdb')
  .map(({ version }) => version)
  .filter((_version, index) => index % step === 0);

/** Columns that have another name since. */
const renamed: Record<string, Record<string, string>> = { table_grants: { table_id: 'scope_id' } };

/** The migrations that a program of this version had. */
function migrationsUntil(version: number): string {
  const folder = makeFolder();
  cpSync(migrationsFolder, folder, { recursive: true });
  for (const file of readdirSync(folder)) if (Number(file.slice(0, 4)) > version) rmSync(join(folder, file));
  return folder;
}

/** A row with a value in each column. */
function sampleOf({ columns }: StateTable): CopiedRow {
  return Object.fromEntries([...columns].map(([name, type]) => [name, sampleValue(type)]));
}

function sampleValue(type: string): string | boolean {
  if (/^boolean$/i.test(type)) return true;
  return /^timestamp/i.test(type) ? '2026-02-03T04:05:06.789Z' : '7';
}

type Row = Record<string, unknown>;

async function readAll(store: Store, tables: readonly StateTable[]): Promise<Record<string, Row[]>> {
  const found: Record<string, Row[]> = {};
  for (const { name } of tables) found[name] = await untyped(store.db).selectFrom(name).selectAll().execute();
  return found;
}

function withNewNames(row: Row, names: Record<string, string>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [names[name] ?? name, value]));
}

describeOnBoth((stores) => {
  test.each(versions)('a state of version %i comes to the newest one with all its rows', async (version) => {
    const before = await stores.open({ migrations: migrationsUntil(version) });
    const tables = await describeTables(before.db);
    await before.write(async ({ db }) => {
      const writer = new RowWriter({ db, dialect: before.dialect, tables });
      for (const table of tables) await writer.add(table.name, sampleOf(table));
      for (const table of writer.tables) await writer.flush(table);
    });
    const written = await readAll(before, tables);
    await before.close();

    const store = await stores.open({ migrations: migrationsFolder });
    const found = await readAll(store, tables);
    for (const { name } of tables) {
      const expected = written[name]!.map((row) => withNewNames(row, renamed[name] ?? {}));
      expect(found[name], name).toMatchObject(expected);
    }
  });
});
