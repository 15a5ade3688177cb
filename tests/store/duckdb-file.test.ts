import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import { replaceState } from '../../src/store/duckdb/replace-state.ts';
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
    const store = await stores.open({ dataDir, checkpoints: { intervalSeconds: 0.2, leastLogBytes: 10_000 } });
    const log = join(dataDir, 'state/system.duckdb.wal');
    const sizeOfLog = () => statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    await store.write(async ({ emit }) => emit('topic', 'x'.repeat(100_000)));
    await vi.waitFor(() => expect(sizeOfLog()).toBeLessThan(100_000), { timeout: 20_000 });
    expect(await store.db.selectFrom('events').select('seq').execute()).toEqual([{ seq: 1 }]);
  });

  test('the lock of DuckDB outlasts the moving of the log', async () => {
    const dataDir = makeFolder();
    const file = join(dataDir, 'state/system.duckdb');
    const store = await stores.open({ dataDir, checkpoints: { intervalSeconds: 0.05, leastLogBytes: 1 } });
    await store.write(async ({ emit }) => emit('topic', 1));
    await vi.waitFor(() => expect(existsSync(`${file}.wal`)).toBe(false), { timeout: 20_000 });
    expect(() => runScript(file, 'select 1')).toThrow(/Could not set lock on file/);
  });

  test('a closed file has no log and nothing beside it', async () => {
    const dataDir = makeFolder();
    const store = await stores.open({ dataDir });
    await store.write(async ({ emit }) => emit('topic', 1));
    await store.close();
    expect(readdirSync(join(dataDir, 'state'))).toEqual(['system.duckdb']);
  });

  test('a file torn by a kill in the midst of its checkpoint is replaced by the whole copy beside it', async () => {
    const { dataDir, file } = await makeStateWithLog();
    mkdirSync(`${file}.ready`);
    cpSync(file, join(`${file}.ready`, 'system.duckdb'));
    renameSync(`${file}.wal`, join(`${file}.ready`, 'system.duckdb.wal'));
    tear(file);
    writeFileSync(`${file}.wal.checkpoint`, 'left over');
    const store = await stores.open({ dataDir });
    expect(await store.db.selectFrom('events').select('seq').orderBy('seq').execute()).toEqual([
      { seq: 1 },
      { seq: 2 },
    ]);
    await store.close();
    expect(readdirSync(join(dataDir, 'state'))).toEqual(['system.duckdb']);
  });

  test('a kill while the copy is put in place changes nothing', async () => {
    const { dataDir, file } = await makeStateWithLog();
    mkdirSync(`${file}.ready`);
    renameSync(`${file}.wal`, join(`${file}.ready`, 'system.duckdb.wal'));
    const store = await stores.open({ dataDir });
    expect(await store.db.selectFrom('events').select('seq').orderBy('seq').execute()).toEqual([
      { seq: 1 },
      { seq: 2 },
    ]);
  });

  test('a copy that a kill left unfinished is ignored', async () => {
    const { dataDir, file } = await makeStateWithLog();
    mkdirSync(`${file}.new`);
    writeFileSync(join(`${file}.new`, 'system.duckdb'), 'half');
    const store = await stores.open({ dataDir });
    expect(await store.db.selectFrom('events').select('seq').orderBy('seq').execute()).toEqual([
      { seq: 1 },
      { seq: 2 },
    ]);
  });

  test('a state that takes the place of another brings what stands in its log only, or changes nothing', async () => {
    const [file, by] = [join(makeFolder(), 'one.duckdb'), join(makeFolder(), 'other.duckdb')];
    runScript(file, 'create table old (id integer)');
    runScript(by, 'create table fresh (id integer)');
    runAndDie(by, 'insert into fresh values (1)');
    await replaceState(file, by);
    runScript(file, "select case when (select count(*) from fresh) = 1 then 1 else error('lost') end");
    const torn = join(makeFolder(), 'torn.duckdb');
    for (const path of [torn, `${torn}.wal`]) writeFileSync(path, 'nothing that DuckDB can read');
    const before = readFileSync(file);
    await expect(replaceState(file, torn)).rejects.toThrow();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a torn file without a copy is one sentence', async () => {
    const { dataDir, file } = await makeStateWithLog();
    tear(file);
    await expect(stores.open({ dataDir })).rejects.toThrow(/cannot be opened as a DuckDB database: .*Corrupt/);
  });

  /** One event is in the file, a second one in its log only. */
  async function makeStateWithLog() {
    const dataDir = makeFolder();
    const file = join(dataDir, 'state/system.duckdb');
    const store = await stores.open({ dataDir });
    await store.write(async ({ emit }) => emit('topic', 1));
    await store.close();
    runAndDie(file, `insert into events values (2, now(), 'topic', '2')`);
    return { dataDir, file };
  }

  /** Leaves the end of each block unwritten, as a kill does in the midst of writes: which blocks are in use may vary. */
  function tear(file: string): void {
    const handle = openSync(file, 'r+');
    const [header, block] = [12_288, 262_144];
    for (let end = header + block; end <= statSync(file).size; end += block) {
      writeSync(handle, Buffer.alloc(4_096, 7), 0, 4_096, end - 4_096);
    }
    closeSync(handle);
  }

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
