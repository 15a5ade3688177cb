import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedFunctions, allowedTableFunctions } from '../../src/engine/statement-functions.ts';
import {
  createStatementWorld,
  openWatchedPool,
  outcomeOf,
  type Outcome,
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

function run(statement: string): Promise<Outcome> {
  return outcomeOf(pool, { catalog: world.catalog, statement, limit: 100 });
}

async function refusal(statement: string): Promise<string> {
  const { failure } = await run(statement);
  expect(failure?.code).toBe('STATEMENT_REFUSED');
  return failure!.message;
}

describe('tables', () => {
  test('a table that may not be read is refused in the words for one that does not exist', async () => {
    const other = { ...world.catalog, key: 'other', tables: world.catalog.tables.slice(1) };
    const forbidden = await outcomeOf(pool, { catalog: other, statement: 'from shop.orders', limit: 1 });
    const missing = await outcomeOf(pool, { catalog: other, statement: 'from shop.nobody', limit: 1 });
    expect(forbidden.failure?.code).toBe(missing.failure?.code);
    expect(forbidden.failure?.message).toBe(missing.failure?.message.replaceAll('nobody', 'orders'));
    expect(forbidden.failure?.detail).toBe(missing.failure?.detail);
  });

  test.each([
    'from memory.shop.orders',
    'from main.orders',
    'from memory.orders',
    'from temp.orders',
    'from information_schema.tables',
    'from pg_catalog.pg_class',
    'from pg_class',
    'from sqlite_master',
    'from duckdb_views',
    'from "shop.orders"',
    'from orders.orders',
    'from shop.gone.x',
    "from 'orders.parquet'",
    'select (select count(*) from duckdb_tables)',
    'select * from orders where id in (from duckdb_settings)',
    'select * replace ((select max(sql) from duckdb_views) as id) from orders',
    'from orders order by (select sql from duckdb_views limit 1)',
    'from orders limit (select count(*) from sqlite_master)',
    'from orders, lateral (from duckdb_views)',
    'pivot (from duckdb_views) on schema_name in (1) using count(*)',
    'unpivot (from pg_class) on oid into name n value v',
    'select list_transform([1], x -> (select max(sql) from duckdb_views))',
    'select sum(1) over (order by (select count(*) from sqlite_master))',
    'from range((select count(*) from sqlite_master))',
    "values ((select 'x' from duckdb_tables))",
  ])('only the caller’s names are tables: %s', async (statement) => {
    expect(await refusal(statement)).toMatch(/^The table \S+ does not exist, or you may not read it/);
  });
});

describe('common table expressions are seen where DuckDB sees them, and nowhere else', () => {
  test.each([
    // Outside the subquery that defines it.
    'select (with x as (select 1) select * from x), (select * from x)',
    // By one that stands before it.
    'with a as (from b), b as (select 1) from a',
    // By itself, without recursion and in the first part of a recursion.
    'with x as (from x) from x',
    'with recursive x as (from x union all select 1) from x',
    'with x as (select 1) from recurring.x',
    // Under a schema, or in letters that only Unicode folds together.
    'with x as (select 1) from main.x',
    'with "\u212Abc" as (select 1) from kbc',
    'with kbc as (select 1) from "\u212Abc"',
  ])('%s', async (statement) => {
    expect(await refusal(statement)).toMatch(/^The table \S+ does not exist/);
  });

  test.each(['duckdb_views', 'pg_class', 'sqlite_master', 'PRAGMA_database_list'])(
    'no CTE is called %s, like a view of DuckDB',
    async (name) => {
      expect(await refusal(`with ${name} as (select 1) from ${name}`)).toMatch(/is reserved/);
    },
  );

  test('every view that DuckDB answers to by a bare name is reserved that way', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      `SELECT view_name FROM duckdb_views() WHERE internal AND schema_name <> 'information_schema'`,
    );
    const names = reader.getRows().map(([name]) => String(name));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !/^(duckdb|pg|pragma|sqlite)_/.test(name))).toEqual([]);
  });
});

describe('forms', () => {
  test.each([
    ['', 'The statement is empty'],
    ['-- nothing', 'The statement is empty'],
    ['select 1; select 2', 'Only one statement'],
    ['explain select 1', 'Only a SELECT can run here.'],
    ['pivot orders on country', 'PIVOT needs its values listed'],
    ['describe orders', 'DESCRIBE, SHOW and SUMMARIZE are not supported'],
    ['select $1', 'Parameters are not supported'],
    ['select ?', 'Parameters are not supported'],
    ['from orders at (version => 1)', 'is not supported here'],
    ["select 'x'::memory.main.t", 'is not supported here'],
    ['select 1\0; drop view orders', 'NUL'],
    [`select '${'x'.repeat(100_000)}'`, 'at most 100000 bytes'],
  ])('%j is refused with a reason', async (statement, reason) => {
    expect(await refusal(statement)).toContain(reason);
  });
});

describe('functions', () => {
  test('one that exists and is not allowed is refused in the words for one that does not exist', async () => {
    const forbidden = await refusal("select getvariable('x')");
    const missing = await refusal("select nofunction('x')");
    expect(forbidden).toBe(missing.replace('nofunction', 'getvariable'));
    expect(await refusal("from read_csv('x')")).toBe(
      (await refusal("from nofunction('x')")).replace('nofunction', 'read_csv'),
    );
  });

  test.each([
    "select READ_TEXT('/etc/passwd')",
    'select "current_setting"(\'allowed_paths\')',
    "select system.main.current_setting('x')",
    'select pg_catalog.pg_typeof(1)',
    "select system.main.upper('x')",
    "select information_schema.upper('x')",
    "select list_transform(['allowed_paths'], x -> current_setting(x))",
    "select [current_setting(x) for x in ['allowed_paths']]",
    'select count(*) filter (where txid_current() > 0) from orders',
    "select sum(1) over (order by nextval('s'))",
    "from unnest([current_setting('allowed_paths')])",
    "select 'allowed_paths'.current_setting()",
    'select id.current_setting() from orders',
    'from histogram_values(orders, id)',
    "from query('select 1')",
    'from system.main.range(1)',
    "from range(1), query_table('orders')",
  ])('%s', async (statement) => {
    const { failure } = await run(statement);
    expect(['STATEMENT_REFUSED', 'STATEMENT_FAILED']).toContain(failure?.code);
    expect(failure?.message).toMatch(/^The function \S+ does not exist|^Parser Error: syntax error/);
  });

  test('every listed one exists in this DuckDB, in its main schema only, and none has effects beyond its value', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(`
      SELECT lower(function_name), list(DISTINCT schema_name)::VARCHAR, bool_or(has_side_effects) AND bool_or(stability = 'VOLATILE')
      FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') GROUP BY ALL`);
    const known = new Map(reader.getRows().map(([name, schemas, effects]) => [String(name), { schemas, effects }]));
    // `unnest` is made by the binder and is no function of the catalog.
    const listed = [...allowedFunctions].filter((name) => name !== 'unnest');
    expect(listed.length).toBeGreaterThan(500);
    expect(listed.filter((name) => known.get(name)?.schemas !== '[main]')).toEqual([]);
    const random = ['gen_random_uuid', 'random', 'uuid', 'uuidv4', 'uuidv7'];
    expect(listed.filter((name) => known.get(name)?.effects).toSorted()).toEqual(random);
  });

  test('no table function reads anything but its arguments', () => {
    expect([...allowedTableFunctions]).toEqual(['generate_series', 'json_each', 'json_tree', 'range', 'unnest']);
  });
});
