import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import {
  MigrationFailedError,
  PredecessorStateError,
  StateTooNewError,
  StateUnreadableError,
  UnknownStateError,
} from '../../src/store/open-errors.ts';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { makeMigrations, useStores } from './stores.ts';

describe.skipIf(postgresMissing)(postgresMissing ?? 'the state in PostgreSQL', () => {
  // The stores that this test closes; where they are is said by each test.
  const stores = useStores('duckdb');

  async function ask<Row extends pg.QueryResultRow>(databaseUrl: string, statement: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  function readTables(databaseUrl: string): Promise<{ name: string }[]> {
    return ask(databaseUrl, `select table_name as name from information_schema.tables where table_schema = 'public'`);
  }

  test('two servers that start at once on an empty database migrate it once', async () => {
    const databaseUrl = await createDatabase();
    await Promise.all([stores.open({ databaseUrl }), stores.open({ databaseUrl })]);
    expect(await ask(databaseUrl, 'select version from schema_version where version = 10')).toHaveLength(1);
  });

  test('writes of two servers wait for each other, so that events have no gap and no number twice', async () => {
    const databaseUrl = await createDatabase();
    const [one, two] = await Promise.all([stores.open({ databaseUrl }), stores.open({ databaseUrl })]);
    const writes = Array.from({ length: 40 }, (_, index) =>
      (index % 2 === 0 ? one : two).write(async ({ emit }) => emit('topic', index)),
    );
    await Promise.all(writes);
    const events = await one.db.selectFrom('events').select('seq').orderBy('seq').execute();
    expect(events.map(({ seq }) => seq)).toEqual(writes.map((_, index) => index + 1));
  });

  test('a write whose connection is lost fails, and the next one works', async () => {
    const databaseUrl = await createDatabase();
    const store = await stores.open({ databaseUrl, log: createLog('silent') });
    const lost = store.write(async ({ db, emit }) => {
      emit('topic', 'lost');
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
      await ask(databaseUrl, `select pg_terminate_backend(${rows[0]?.pid})`);
    });
    await expect(lost).rejects.toThrow(/terminat|connection/i);
    await store.write(async ({ emit }) => emit('topic', 'kept'));
    expect(await store.db.selectFrom('events').select(['seq', 'payload']).execute()).toEqual([
      { seq: 1, payload: '"kept"' },
    ]);
  });

  test('a failing step undoes the steps before it and says which step and why', async () => {
    const databaseUrl = await createDatabase();
    const migrations = makeMigrations({
      '0901-create-things.sql': 'create table things (id text primary key);',
      '0902-break-things.sql': 'insert into nowhere values (1);',
    });
    const failed = await stores.open({ databaseUrl, migrations }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MigrationFailedError);
    expect(String(failed)).toMatch(
      /Migration 0902-break-things\.sql failed \(relation "nowhere" does not exist\); PostgreSQL 127.* is as it was before/,
    );
    expect(await readTables(databaseUrl)).toEqual([]);
  });

  test('the step made for PostgreSQL stands in for its namesake', async () => {
    const databaseUrl = await createDatabase();
    const store = await stores.open({
      databaseUrl,
      migrations: makeMigrations({
        '0901-create-things.sql': 'create table things (of_duckdb text);',
        '0901-create-things.postgres.sql':
          'create table things (of_postgres text); create index on things (of_postgres);',
      }),
    });
    const { rows } = await sql`select column_name from information_schema.columns where table_name = 'things'`.execute(
      store.db,
    );
    expect(rows).toEqual([{ column_name: 'of_postgres' }]);
  });

  test('databases of a newer program, of the predecessor and of somebody else are not touched', async () => {
    const versionTable = 'create table schema_version (version integer, applied_at timestamptz);';
    const cases = [
      { script: `${versionTable} insert into schema_version values (9999, now());`, refusal: StateTooNewError },
      {
        script: `${versionTable} insert into schema_version values (4, now()); create table users (id text);`,
        refusal: PredecessorStateError,
        tables: 2,
      },
      { script: `${versionTable} insert into schema_version values (4, now());`, refusal: UnknownStateError },
      { script: 'create table things (id integer);', refusal: UnknownStateError },
    ];
    for (const { script, refusal, tables = 1 } of cases) {
      const databaseUrl = await createDatabase();
      await ask(databaseUrl, script);
      await expect(stores.open({ databaseUrl })).rejects.toThrow(refusal);
      expect(await readTables(databaseUrl)).toHaveLength(tables);
    }
  });

  test('a server that does not answer is one sentence without the password', async () => {
    const databaseUrl = 'postgres://somebody:hidden@localhost:1/state';
    const refused = await stores.open({ databaseUrl }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StateUnreadableError);
    expect(String(refused)).toMatch(/PostgreSQL localhost:1\/state cannot be reached: .*ECONNREFUSED/);
    expect(String(refused)).not.toContain('hidden');
  });
});
