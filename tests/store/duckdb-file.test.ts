import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import { StoreFailedError } from '../../src/store/errors.ts';
import { StoreLockedError } from '../../src/store/open-errors.ts';
import { runAndDie, runScript } from './raw-duckdb.ts';
import { makeFolder, makeMigrations, useStores } from './stores.ts';

describe('the DuckDB file', { timeout: 120_000 }, () => {
  const stores = useStores('duckdb');

  test('a failure that ends DuckDB is told once in one sentence, and every later read and write is refused', async () => {
    const { dataDir, migrations } = await makeCorruptState();
    const told: StoreFailedError[] = [];
    const store = await stores.open({ dataDir, migrations, onFatal: (error) => told.push(error) });
    const change = () => store.write(({ db }) => sql`delete from things`.execute(db));
    await expect(change()).rejects.toThrow(StoreFailedError);
    expect(told.map(({ code }) => code)).toEqual(['STORE_FAILED']);
    expect(told[0]?.message).toMatch(/^The state database failed and this process cannot go on .*start it again\./);
    await expect(change()).rejects.toThrow(StoreFailedError);
    await expect(store.db.selectFrom('events').selectAll().execute()).rejects.toThrow(StoreFailedError);
    expect(told).toHaveLength(1);
    await store.close();
  });

  test('the log is folded into the file while the store is open', async () => {
    const dataDir = makeFolder();
    const store = await stores.open({ dataDir, checkpointIntervalSeconds: 0.2 });
    const log = join(dataDir, 'state/system.duckdb.wal');
    const sizeOfLog = () => statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    await store.write(async ({ emit }) => emit('topic', 'x'.repeat(100_000)));
    await vi.waitFor(() => expect(sizeOfLog()).toBeLessThan(100_000), { timeout: 20_000 });
    expect(await store.db.selectFrom('events').select('seq').execute()).toEqual([{ seq: 1 }]);
  });

  test('a symbolic link to the file is the same file: one lock for both', async () => {
    const [dataDir, other] = [makeFolder(), makeFolder()];
    const store = await stores.open({ dataDir });
    await store.close();
    mkdirSync(join(other, 'state'));
    symlinkSync(join(dataDir, 'state/system.duckdb'), join(other, 'state/system.duckdb'));
    await stores.open({ dataDir });
    await expect(stores.open({ dataDir: other })).rejects.toThrow(StoreLockedError);
  });

  /** With an index, which our migrations never make, DuckDB breaks a table: killed, opened and closed, opened again. */
  async function makeCorruptState() {
    const dataDir = makeFolder();
    mkdirSync(join(dataDir, 'state'));
    const file = join(dataDir, 'state/system.duckdb');
    const step = 'create table things (id integer, name text); create index things_by_name on things (name);';
    const migrations = makeMigrations({ '0900-create-things.sql': step });
    await (await stores.open({ dataDir, migrations })).close();
    runAndDie(file, "insert into things values (1, 'one')");
    runScript(file, 'select 1');
    return { dataDir, migrations };
  }
});
