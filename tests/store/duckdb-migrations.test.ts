import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import {
  MigrationFailedError,
  PredecessorStateError,
  StateTooNewError,
  StateUnreadableError,
  UnknownStateError,
} from '../../src/store/open-errors.ts';
import { migrationsFolder, newestVersion, readMigrations } from '../../src/store/migrations.ts';
import { runAndDie, runScript } from './raw-duckdb.ts';
import { makeFolder, makeMigrations, useStores } from './stores.ts';

const shippedVersion = newestVersion(readMigrations(migrationsFolder, 'duckdb'));

interface Place {
  dataDir: string;
  state: string;
  file: string;
}

function makePlace(): Place {
  const dataDir = makeFolder();
  const state = join(dataDir, 'state');
  mkdirSync(state);
  return { dataDir, state, file: join(state, 'system.duckdb') };
}

/** Name, size, time of change and bytes of everything in the folder: equal when nothing was touched. */
function photograph(folder: string): Record<string, unknown> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, [statSync(path).mtimeMs, readFileSync(path).toString('base64')]];
    }),
  );
}

describe('migrations of the DuckDB file', { timeout: 120_000 }, () => {
  const stores = useStores('duckdb');

  test('a new database has the newest version, no index that a crash could break, and no copy', async () => {
    const { dataDir, state } = makePlace();
    const store = await stores.open({ dataDir, migrations: undefined });
    const { rows } = await sql`select version from schema_version`.execute(store.db);
    expect(rows).toContainEqual({ version: shippedVersion });
    expect((await sql`select * from duckdb_indexes()`.execute(store.db)).rows).toEqual([]);
    expect(readdirSync(state).toSorted()).toEqual(['system.duckdb', 'system.duckdb.lock']);
  });

  test('an older database is upgraded, and a copy of it as it was stays', async () => {
    const { dataDir, state } = makePlace();
    const old = await stores.open({ dataDir, migrations: undefined });
    await old.write(async ({ emit }) => emit('topic', 'kept'));
    await old.close();
    const migrations = makeMigrations({
      '0901-add-colour.sql': `alter table events add column colour text default 'red'; update events set colour = 'blue';`,
      '0902-create-things.sql': 'create table things (id text primary key) -- with a comment at the end',
    });
    const clock = { now: () => new Date('2030-01-02T03:04:05.678Z') };
    const store = await stores.open({ dataDir, migrations, clock });
    const events = await sql`select seq, payload, colour from events`.execute(store.db);
    expect(events.rows).toEqual([{ seq: 1, payload: '"kept"', colour: 'blue' }]);
    const versions = await sql`select version, applied_at from schema_version order by version desc limit 1`.execute(
      store.db,
    );
    expect(versions.rows).toEqual([{ version: 902, applied_at: clock.now() }]);
    const backup = `system-v${shippedVersion}-20300102T030405Z.duckdb`;
    expect(readdirSync(join(state, 'backups'))).toEqual([backup]);
    await store.close();

    const copy = makePlace();
    writeFileSync(copy.file, readFileSync(join(state, 'backups', backup)));
    const asItWas = await stores.open({ dataDir: copy.dataDir, migrations: undefined });
    expect(await asItWas.db.selectFrom('events').select(['seq', 'payload']).execute()).toEqual([
      { seq: 1, payload: '"kept"' },
    ]);
  });

  test('what a killed process had only in its log is upgraded too', async () => {
    const { dataDir, file } = makePlace();
    const before = makeMigrations({ '0900-create-totals.sql': `create table totals (value bigint);` });
    await (await stores.open({ dataDir, migrations: before })).close();
    runAndDie(file, 'insert into totals values (7)');
    const store = await stores.open({
      dataDir,
      migrations: makeMigrations({
        '0900-create-totals.sql': '',
        '0901-add-colour.sql': 'alter table totals add column colour text',
      }),
    });
    expect((await sql`select value, colour from totals`.execute(store.db)).rows).toEqual([{ value: 7, colour: null }]);
  });

  test('a failing step leaves the database as it was and says which step and why', async () => {
    const { dataDir, state, file } = makePlace();
    const old = await stores.open({ dataDir, migrations: undefined });
    await old.write(async ({ emit }) => emit('topic', 'kept'));
    await old.close();
    const before = readFileSync(file);
    const migrations = makeMigrations({
      '0901-create-things.sql': 'create table things (id text primary key);',
      '0902-break-things.sql':
        'delete from events; alter table things add column "at" timestamptz; insert into nowhere values (1);',
    });
    const failed = await stores.open({ dataDir, migrations }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MigrationFailedError);
    expect(failed).toMatchObject({
      code: 'MIGRATION_FAILED',
      message:
        'Migration 0902-break-things.sql failed (Catalog Error: Table with name nowhere does not exist!); ' +
        `${file} is as it was before.`,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(state)).toEqual(['system.duckdb']);
    const again = await stores.open({ dataDir, migrations: undefined });
    expect(await again.db.selectFrom('events').select('payload').execute()).toEqual([{ payload: '"kept"' }]);
  });

  test('a failing first step leaves no database behind', async () => {
    const { dataDir, state } = makePlace();
    const migrations = makeMigrations({ '0901-break-things.sql': 'create tabel things (id text)' });
    await expect(stores.open({ dataDir, migrations })).rejects.toThrow(MigrationFailedError);
    expect(readdirSync(state)).toEqual([]);
  });

  test('a database of a newer program is not touched', async () => {
    const { dataDir, state } = makePlace();
    const migrations = makeMigrations({ '0901-create-things.sql': 'create table things (id text primary key);' });
    await (await stores.open({ dataDir, migrations })).close();
    const before = photograph(state);
    const refused = await stores.open({ dataDir, migrations: undefined }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StateTooNewError);
    expect(String(refused)).toContain(
      `has schema version 901, but this program knows only versions up to ${shippedVersion};`,
    );
    expect(photograph(state)).toEqual(before);
  });

  test('a database of a newer program with a log of a killed process is not touched either', async () => {
    const { dataDir, state, file } = makePlace();
    const migrations = makeMigrations({ '0900-create-totals.sql': `create table totals (value bigint);` });
    await (await stores.open({ dataDir, migrations })).close();
    runAndDie(file, 'insert into totals values (7)');
    expect(existsSync(`${file}.wal`)).toBe(true);
    const before = photograph(state);
    await expect(stores.open({ dataDir, migrations: undefined })).rejects.toThrow(StateTooNewError);
    expect(photograph(state)).toEqual(before);
  });

  test.each([1, 9])('a database of the predecessor, version %d, is not touched', async (version) => {
    const { dataDir, state, file } = makePlace();
    runScript(
      file,
      `create table schema_version (version integer not null, applied_at timestamp default current_timestamp);
      insert into schema_version (version) values (${version}); create table users (id varchar primary key);`,
    );
    const before = photograph(state);
    const refused = await stores.open({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PredecessorStateError);
    expect(String(refused)).toContain(`was written by the predecessor (schema version ${version})`);
    expect(photograph(state)).toEqual(before);
  });

  test('a database with tables of somebody else is not touched', async () => {
    const { dataDir, state, file } = makePlace();
    runScript(file, 'create table things (id integer)');
    const before = photograph(state);
    await expect(stores.open({ dataDir })).rejects.toThrow(UnknownStateError);
    expect(photograph(state)).toEqual(before);
  });

  test('an empty database of DuckDB is taken as a new one', async () => {
    const { dataDir, file } = makePlace();
    runScript(file, 'checkpoint');
    await expect(stores.open({ dataDir })).resolves.toBeDefined();
  });

  test.each([
    ['text', Buffer.from('not a database\n')],
    ['nothing', Buffer.alloc(0)],
  ])('a file of %s is one sentence, and not touched', async (_, content) => {
    const { dataDir, state, file } = makePlace();
    writeFileSync(file, content);
    const before = photograph(state);
    const refused = await stores.open({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StateUnreadableError);
    expect(String(refused)).toMatch(/cannot be opened as a DuckDB database: .*not a valid DuckDB database file/);
    expect(photograph(state)).toEqual(before);
  });

  test('a log without its database is refused rather than applied to a new one', async () => {
    const { dataDir, state, file } = makePlace();
    writeFileSync(`${file}.wal`, 'left over');
    await expect(stores.open({ dataDir })).rejects.toThrow(/is missing but its log is there/);
    expect(readdirSync(state)).toEqual(['system.duckdb.wal']);
  });
});
