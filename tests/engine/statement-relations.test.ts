import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/engine/statement-pool.ts';
import {
  createStatementWorld,
  openWatchedPool,
  outcomeOf,
  statementChildren,
  type StatementWorld,
  type WatchedPool,
} from './statement-world.ts';

let world: StatementWorld;
let pool: WatchedPool;

beforeAll(async () => {
  world = await createStatementWorld();
  pool = openWatchedPool({ size: 2 });
});

afterAll(async () => {
  await pool.close();
  world.remove();
});

/** The catalog of the world and one relation more, for one statement. */
function withRelation(key: string, files: string[], name = 'guest'): Catalog {
  return { key, once: true, tables: [...world.catalog.tables, { sqlName: name, alias: name, files }] };
}

async function writeNumbers(name: string, select: string): Promise<string> {
  const path = join(world.scratch, `${name}.parquet`);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  return path;
}

describe('a relation of one statement', () => {
  test('joins with the tables of the caller, and is gone with its statement', async () => {
    const path = await writeNumbers('joined', `SELECT 1 AS id, 'first' AS word`);
    const statement = 'SELECT o.customer, g.word FROM shop.orders o JOIN guest g USING (id)';
    const { rows, tables } = await pool.run({ catalog: withRelation('one', [path]), statement, limit: 10 });
    expect(rows).toEqual([['ada', 'first']]);
    expect(tables).toEqual(['guest', 'shop.orders']);
    rmSync(path);
    for (const catalog of [world.catalog, withRelation('one', [], 'other')]) {
      const { failure } = await outcomeOf(pool, { catalog, statement: 'FROM guest', limit: 1 });
      expect(failure?.message).toMatch(/^The table guest does not exist, or you may not read it;/);
    }
  });

  test('is each caller’s own when many use one name at once, whatever the keys of their catalogs', async () => {
    const paths = await Promise.all(Array.from({ length: 8 }, (_, n) => writeNumbers(`own${n}`, `SELECT ${n} AS n`)));
    const answers = await Promise.all(
      paths.map((path) => pool.run({ catalog: withRelation('same key', [path]), statement: 'FROM guest', limit: 9 })),
    );
    expect(answers.map(({ rows }) => rows)).toEqual(paths.map((_, n) => [[n]]));
  });

  test('is gone with the child that is killed while it reads', async () => {
    const path = await writeNumbers('killed', 'SELECT 1 AS n');
    const endless = 'SELECT count(*) FROM guest, range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';
    const running = outcomeOf(pool, { catalog: withRelation('killed', [path]), statement: endless, limit: 1 });
    await expect.poll(() => statementChildren().some(({ cpuTicks }) => cpuTicks > 60), { timeout: 20_000 }).toBe(true);
    for (const { pid } of statementChildren()) process.kill(pid, 'SIGKILL');
    expect((await running).failure?.code).toBe('STATEMENT_FAILED');
    const { failure } = await outcomeOf(pool, { catalog: world.catalog, statement: 'FROM guest', limit: 1 });
    expect(failure?.code).toBe('STATEMENT_REFUSED');
  });

  test('opens no other file to the statement', async () => {
    const path = await writeNumbers('walled', 'SELECT 1 AS n');
    const catalog = withRelation('walled', [path]);
    for (const statement of [
      `SELECT * FROM '${path}'`,
      `SELECT * FROM read_parquet('${path}')`,
      `SELECT * FROM guest, '${join(world.secret, 'salaries.parquet')}'`,
      `COPY guest TO '${join(world.scratch, 'stolen.csv')}'`,
      'DROP VIEW guest',
      'SELECT * FROM memory.main.guest',
      'SELECT * FROM duckdb_views()',
    ]) {
      expect((await outcomeOf(pool, { catalog, statement, limit: 1 })).failure?.code, statement).toMatch(/REFUSED/);
    }
  });
});

describe('a table that has to be read first', () => {
  const columns = [
    { name: 'id', type: 'INTEGER' },
    { name: 'Name', type: 'VARCHAR' },
    { name: 'price', type: 'DECIMAL(18,2)' },
    { name: 'tags', type: 'STRUCT("a b" INTEGER, c VARCHAR[])[]' },
  ];
  const unread = (type = 'INTEGER'): Catalog => ({
    key: `unread ${type}`,
    tables: [
      ...world.catalog.tables,
      { sqlName: 'far.items', alias: 'items', files: [], columns: [...columns, { name: 'odd', type }] },
    ],
  });
  const every = ['id', 'Name', 'price', 'tags', 'odd'];

  test.each([
    ['SELECT NAME FROM far.items WHERE id = 1', ['id', 'Name']],
    ['SELECT i.price FROM items i JOIN shop.orders o ON o.id = i.id', ['id', 'price']],
    ['SELECT o.customer FROM shop.orders o JOIN items USING (id)', ['id']],
    ['SELECT list_transform(tags, lambda t: t."a b") FROM items', ['tags']],
    ['SELECT count(*) FROM items', ['id']],
    ['SELECT count(*) FROM shop.orders NATURAL JOIN items', every],
    ['SELECT * FROM items', every],
    ['FROM items', every],
    ['SELECT i.* FROM shop.orders, items i', every],
    ["SELECT COLUMNS('pr.*') FROM items", every],
    ['SELECT items FROM far.items', every],
    ['SELECT x FROM far.items x', every],
    ['SELECT a FROM items AS i(a)', every],
    ['SELECT * FROM (UNPIVOT items ON id INTO NAME n VALUE v)', every],
  ])('is told with the columns that are needed and not run: %s', async (statement, expected) => {
    const answer = await pool.run({ catalog: unread(), statement, limit: 5 });
    expect(answer).toMatchObject({ unread: [{ sqlName: 'far.items', columns: expected }], rows: [], columns: [] });
    expect(await pool.inspect({ catalog: unread(), statement })).toMatchObject({ unread: answer.unread });
  });

  test('refuses a statement that does not fit its columns, and leaves others alone', async () => {
    const wrong = await outcomeOf(pool, { catalog: unread(), statement: 'SELECT nothing FROM items', limit: 1 });
    expect(wrong.failure?.message).toMatch(/^Binder Error: Referenced column "nothing" not found/);
    const other = await pool.run({ catalog: unread(), statement: 'SELECT count(*) FROM shop.orders', limit: 1 });
    expect(other).toMatchObject({ rows: [['5']], unread: [] });
  });

  test.each([
    "INTEGER); COPY (SELECT 1) TO ('/tmp/x'",
    'INTEGER) FROM duckdb_settings() --',
    "INTEGER), getenv('HOME') AS (x",
    'no such type',
  ])('takes no type that is more than a type: %s', async (type) => {
    const { failure } = await outcomeOf(pool, { catalog: unread(type), statement: 'FROM items', limit: 1 });
    expect(failure?.message).toMatch(/^The files of the table far.items cannot be read now/);
  });
});
