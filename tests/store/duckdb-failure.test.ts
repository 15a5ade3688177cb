import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { StoreFailedError } from '../../src/store/errors.ts';
import { runAndDie, runScript } from './raw-duckdb.ts';
import { makeFolder, makeMigrations, useStores } from './stores.ts';

describe('a failure of the DuckDB file', { timeout: 120_000 }, () => {
  const stores = useStores('duckdb');

  test('that ends DuckDB is told once in one sentence, and every later read and write is refused', async () => {
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
