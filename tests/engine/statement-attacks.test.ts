import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createStatementWorld,
  openWatchedPool,
  outcomeOf,
  type StatementWorld,
  type WatchedPool,
} from './statement-world.ts';

const attacks = (
  JSON.parse(readFileSync(new URL('fixtures/sql-attacks.json', import.meta.url), 'utf8')) as { statements: string[] }
).statements;

/** The only statements of the list that may answer, because they show nothing but the caller's own tables or typed text. */
const harmless: Record<string, unknown[][]> = {
  'select count(*) from orders': [['5']],
  'select count(*) from orders_rls': [['1']],
  'with orders as (select 1) from orders': [[1]],
  "from orders_rls where region='r1' or 1=1 -- ": [[1, 'r1']],
  'select hash(1)': [['4717996019076358352']],
  "select parse_path('/etc/passwd')": [[['/', 'etc', 'passwd']]],
};

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

function aim(statement: string): string {
  const { allowed, secret, data, scratch } = world;
  return statement
    .replaceAll('{allowed}', allowed)
    .replaceAll('{secret}', secret)
    .replaceAll('{data}', data)
    .replaceAll('{tmp}', scratch);
}

/** What must not stand in an answer unless the caller typed it. */
function forbiddenWords(): string[] {
  const { allowed, secret, data, scratch } = world;
  return [
    allowed,
    secret,
    data,
    scratch,
    'SECRET',
    '987654321',
    'salaries',
    'hidden',
    'parquet',
    'root:',
    'memory_limit',
  ];
}

describe('each statement of the list of attacks', () => {
  test.each(attacks)('is refused or shows nothing forbidden: %s', async (attack) => {
    const statement = aim(attack);
    const { result, failure } = await outcomeOf(pool, { catalog: world.catalog, statement, limit: 100 });
    if (attack in harmless) expect(result?.rows).toEqual(harmless[attack]);
    else expect(['STATEMENT_REFUSED', 'STATEMENT_FAILED']).toContain(failure?.code);
    const told = JSON.stringify(result ?? failure?.message);
    expect(forbiddenWords().filter((word) => told.includes(word) && !statement.includes(word))).toEqual([]);
  });

  test('gets no further where a relation of one statement stands beside the tables', async () => {
    const relation = { sqlName: 'guest', alias: 'guest', files: [join(world.allowed, 'prices.parquet')] };
    const unread = { sqlName: 'later', alias: 'later', files: [], columns: [{ name: 'id', type: 'INTEGER' }] };
    const tables = [...world.catalog.tables, relation, unread];
    const passed: string[] = [];
    for (const [index, attack] of attacks.entries()) {
      const statement = aim(attack);
      const catalog = { key: `hybrid ${index}`, once: true as const, tables };
      const { result, failure } = await outcomeOf(pool, { catalog, statement, limit: 100 });
      if (result) passed.push(attack);
      else expect(['STATEMENT_REFUSED', 'STATEMENT_FAILED'], attack).toContain(failure?.code);
      const told = JSON.stringify(result ?? failure?.message);
      expect(forbiddenWords().filter((word) => told.includes(word) && !statement.includes(word))).toEqual([]);
    }
    expect(passed.toSorted()).toEqual(Object.keys(harmless).toSorted());
  });

  test('leaves every file as it was, makes none, and ends no process', async () => {
    const before = world.fingerprint();
    for (const attack of attacks) {
      await outcomeOf(pool, { catalog: world.catalog, statement: aim(attack), limit: 100 });
    }
    expect(world.fingerprint()).toEqual(before);
    const { rows } = await pool.run({ catalog: world.catalog, statement: 'select count(*) from orders', limit: 1 });
    expect(rows).toEqual([['5']]);
    expect(pool.logged).toEqual([]);
  });
});
