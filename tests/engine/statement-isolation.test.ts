import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createStatementWorld,
  openWatchedPool,
  outcomeOf,
  type StatementWorld,
  type WatchedPool,
} from './statement-world.ts';

let world: StatementWorld;
let pool: WatchedPool;

beforeAll(async () => {
  world = await createStatementWorld();
  pool = openWatchedPool({ size: 1 });
});

afterAll(async () => {
  await pool.close();
  world.remove();
});

function catalogOf(key: string, files: Record<string, string[]>) {
  return { key, tables: Object.entries(files).map(([sqlName, paths]) => ({ sqlName, alias: null, files: paths })) };
}

describe('catalogs in one child', () => {
  test('do not see each other, and the same name means each caller’s own table', async () => {
    const mine = catalogOf('mine', { 'a.t': [join(world.allowed, 'orders.parquet')] });
    const theirs = catalogOf('theirs', {
      'a.t': [join(world.secret, 'salaries.parquet')],
      'a.only': [join(world.secret, 'salaries.parquet')],
    });
    const count = 'select count(*) from a.t';
    expect((await pool.run({ catalog: mine, statement: count, limit: 1 })).rows).toEqual([['5']]);
    expect((await pool.run({ catalog: theirs, statement: count, limit: 1 })).rows).toEqual([['1']]);
    expect((await pool.run({ catalog: mine, statement: count, limit: 1 })).rows).toEqual([['5']]);
    const foreign = await outcomeOf(pool, { catalog: mine, statement: 'from a.only', limit: 1 });
    expect(foreign.failure?.code).toBe('STATEMENT_REFUSED');
  });

  test('give way to newer ones and answer again afterwards', async () => {
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 25; index++) {
        const catalog = catalogOf(`many${index}`, { [`s.t${index}`]: [join(world.allowed, 'orders.parquet')] });
        const { rows } = await pool.run({ catalog, statement: `select count(*) from s.t${index}`, limit: 1 });
        expect(rows).toEqual([['5']]);
      }
    }
    expect(pool.logged).toEqual([]);
  });
});

describe('names', () => {
  test('with quotes, dots and blanks are names and not SQL', async () => {
    const orders = [join(world.allowed, 'orders.parquet')];
    const odd = `x"; drop schema main; --.it's a "t".b`;
    const catalog = catalogOf('odd', { [odd]: orders, 'k.in.c-main.orders': orders });
    const quoted = `from "x""; drop schema main; --"."it's a ""t"".b" select count(*)`;
    expect((await pool.run({ catalog, statement: quoted, limit: 1 })).tables).toEqual([odd]);
    const dotted = 'select count(*) from k."in.c-main.orders"';
    expect((await pool.run({ catalog, statement: dotted, limit: 1 })).rows).toEqual([['5']]);
    const split = await outcomeOf(pool, { catalog, statement: 'from "k.in"."c-main.orders"', limit: 1 });
    expect(split.failure?.code).toBe('STATEMENT_REFUSED');
  });

  test('of DuckDB’s own schemas never become a source', async () => {
    const catalog = catalogOf('reserved', { 'information_schema.tables': [join(world.allowed, 'orders.parquet')] });
    const { failure } = await outcomeOf(pool, { catalog, statement: 'from information_schema.tables', limit: 1 });
    expect(failure?.code).toBe('STATEMENT_REFUSED');
  });
});

describe('files', () => {
  test('that are missing cost their own table only, say which, and come back without a new catalog', async () => {
    const path = join(world.scratch, 'late.parquet');
    const catalog = catalogOf('late', { 's.late': [path], 's.fine': [join(world.allowed, 'orders.parquet')] });
    const { failure } = await outcomeOf(pool, { catalog, statement: 'from s.late', limit: 1 });
    expect(failure).toMatchObject({
      code: 'STATEMENT_FAILED',
      message: expect.stringContaining('the table s.late cannot be read'),
    });
    expect(failure?.message).not.toContain(world.scratch);
    expect((await pool.run({ catalog, statement: 'select count(*) from s.fine', limit: 1 })).rows).toEqual([['5']]);
    copyFileSync(join(world.allowed, 'orders.parquet'), path);
    expect((await pool.run({ catalog, statement: 'select count(*) from s.late', limit: 1 })).rows).toEqual([['5']]);
    rmSync(path);
    const gone = await outcomeOf(pool, { catalog, statement: 'from s.late', limit: 1 });
    expect(gone.failure?.message).toBe(failure?.message);
  });

  test('that are damaged fail without telling where they are', async () => {
    const path = join(world.scratch, 'damaged.parquet');
    writeFileSync(path, 'not parquet at all');
    const catalog = catalogOf('damaged', { 's.damaged': [path] });
    const { failure } = await outcomeOf(pool, { catalog, statement: 'from s.damaged', limit: 1 });
    expect(failure?.message).toContain('the table s.damaged cannot be read');
    expect(failure?.message).not.toContain(world.scratch);
    expect(failure?.detail).toContain(path);
    rmSync(path);
  });

  test('of one table are read together', async () => {
    const part = join(world.allowed, 'orders.parquet');
    const catalog = catalogOf('parts', { 's.parts': [part, part] });
    expect((await pool.run({ catalog, statement: 'select count(*) from s.parts', limit: 1 })).rows).toEqual([['10']]);
  });
});

describe('messages', () => {
  test.each([
    ['select nope from orders', 'Binder Error: Referenced column "nope" not found in FROM clause!'],
    ['select filename from orders', 'Binder Error: Referenced column "filename" not found in FROM clause!'],
    [
      'select customer::int from orders',
      "Conversion Error: Could not convert string 'ada' to INT32 when casting from source column customer",
    ],
    [
      "select v::int from (select '/products' || '/x/' || id as v from orders order by id)",
      "Conversion Error: Could not convert string '/products/x/1' to INT32 when casting from source column v",
    ],
    ['select 1 +', 'Parser Error: syntax error at end of input'],
    [
      'select upper([1])',
      "Binder Error: No function matches the given name and argument types 'upper(INTEGER[])'. You might need to add explicit type casts.",
    ],
    [
      'select row(1, 2)',
      "The column main.\"row\"(1, 2) holds rows without field names; name the fields, as in {'first': 1, 'second': 2}.",
    ],
  ])('%s tells what DuckDB says in its first line', async (statement, message) => {
    const { failure } = await outcomeOf(pool, { catalog: world.catalog, statement, limit: 1 });
    expect(failure).toMatchObject({ code: 'STATEMENT_FAILED', message });
  });
});
