import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createStatementWorld,
  openWatchedPool,
  outcomeOf,
  statementChildren,
  type StatementWorld,
  type WatchedPool,
} from './statement-world.ts';

const endless = 'select count(*) from range(10000000) a, range(10000000) b where a.range + b.range = 7';

let world: StatementWorld;
let pool: WatchedPool;
const others: WatchedPool[] = [];

beforeAll(async () => {
  world = await createStatementWorld();
  pool = openWatchedPool({ size: 1, memoryLimitMb: 700 });
});

afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
});

afterAll(async () => {
  await pool.close();
  world.remove();
});

function open(options: Parameters<typeof openWatchedPool>[0]): WatchedPool {
  const opened = openWatchedPool(options);
  others.push(opened);
  return opened;
}

function request(statement: string, more: { limit?: number; timeoutSeconds?: number; signal?: AbortSignal } = {}) {
  return { catalog: world.catalog, statement, limit: 100, ...more };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The child that has used processor time like one that computes. */
async function findWorkingChild(): Promise<number> {
  const before = new Map(statementChildren().map(({ pid, cpuTicks }) => [pid, cpuTicks]));
  for (;;) {
    const working = statementChildren().find(({ pid, cpuTicks }) => cpuTicks - (before.get(pid) ?? 0) > 200);
    if (working) return working.pid;
    await sleep(50);
  }
}

function cpuTicksOf(pid: number): number {
  return statementChildren().find((child) => child.pid === pid)?.cpuTicks ?? 0;
}

const nested = (count: number) => `select ${'('.repeat(count)}1${')'.repeat(count)}`;

describe('a bomb ends within its limits, and the next statement gets its answer', () => {
  test.each<[name: string, statement: string, code: string, seconds?: number]>([
    ['cross join', endless, 'STATEMENT_TIMEOUT'],
    [
      'recursion without end',
      'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n',
      'STATEMENT_T',
    ],
    ['repeat in many rows', "select sum(length(repeat('x', 10000000 + range))) from range(100000)", 'STATEMENT_T'],
    ['list_transform', 'select len(list_transform(range(300000000), x -> x + 1))', 'STATEMENT_T'],
    ['sort of much', 'select * from range(2000000000) order by hash(range)', 'STATEMENT_T'],
    ['wide rows', "select repeat('x', 1000000) from range(100)", 'STATEMENT_TOO_LARGE', 20],
    ['wide value', "select repeat('x', 40000000)", 'STATEMENT_TOO_LARGE', 20],
    ['brackets', nested(49_000), 'STATEMENT_REFUSED'],
    ['sum of thousands', `select 1${'+1'.repeat(49_000)}`, 'STATEMENT_REFUSED'],
    ['subqueries', `select ${'(select '.repeat(2000)}1${')'.repeat(2000)}`, 'STATEMENT_REFUSED'],
  ])('%s', async (_, statement, code, seconds = 0.5) => {
    const begin = performance.now();
    const { failure } = await outcomeOf(pool, request(statement, { timeoutSeconds: seconds }));
    expect(failure?.code).toMatch(new RegExp(`^${code}`));
    expect(performance.now() - begin).toBeLessThan(seconds * 1000 + 10_000);
    const { rows } = await pool.run(request('select count(*) from orders'));
    expect(rows).toEqual([['5']]);
  });

  test.each([
    ['thousands of unions', `select 1 as a${' union all select 1'.repeat(5000)}`],
    ['thousands of conditions', `select 1${' + 1'.repeat(400)} where true${' and true'.repeat(9000)}`],
    ['hundreds of tables', `select count(*) from ${Array.from({ length: 300 }, () => 'range(1)').join(', ')}`],
  ])('a long statement is answered or fails by itself: %s', async (_, statement) => {
    await outcomeOf(pool, request(statement, { timeoutSeconds: 2 }));
    expect((await pool.run(request('select 1'))).rows).toEqual([[1]]);
  });

  test('memory alone ends a statement long before its time does', async () => {
    const { failure } = await outcomeOf(pool, request('select len(range(3000000000))', { timeoutSeconds: 25 }));
    expect(failure?.code).toBe('STATEMENT_TOO_LARGE');
  });
});

describe('rows', () => {
  test.each([
    [4, 4, true],
    [5, 5, false],
    [6, 5, false],
    [0, 1, true],
    [-3, 1, true],
    [Number.NaN, 1, true],
  ])('a limit of %d on five rows gives %d, truncated: %s', async (limit, count, truncated) => {
    const result = await pool.run(request('select id from orders', { limit }));
    expect(result.rows).toHaveLength(count);
    expect(result.truncated).toBe(truncated);
  });

  test.each([
    [2047, true],
    [2048, false],
    [2049, false],
  ])('a limit of %d at the edge of a chunk of 2048 is told honestly', async (limit, truncated) => {
    const result = await pool.run(request('from range(2048)', { limit }));
    expect(result.rows).toHaveLength(Math.min(limit, 2048));
    expect(result.truncated).toBe(truncated);
  });

  test('10,000 at most, in order, and no more is computed than needed', async () => {
    const { rows, truncated } = await pool.run(request('from range(1000000000000)', { limit: 1_000_000 }));
    expect(rows).toHaveLength(10_000);
    expect(rows.every(([value], index) => value === String(index))).toBe(true);
    expect(truncated).toBe(true);
  });
});

describe('cancelling', () => {
  test('a statement whose caller goes away stops working within a second', async () => {
    const single = open({ size: 1 });
    const caller = new AbortController();
    const running = outcomeOf(single, request(endless, { signal: caller.signal }));
    const child = await findWorkingChild();
    caller.abort();
    expect((await running).failure?.code).toBe('STATEMENT_CANCELLED');
    await sleep(1000);
    const before = cpuTicksOf(child);
    await sleep(400);
    // Two threads at work would use about 80 ticks.
    expect(cpuTicksOf(child) - before).toBeLessThan(20);
    expect((await single.run(request('select 1'))).rows).toEqual([[1]]);
    expect(single.logged).toEqual([]);
  });

  test('a statement that waits is taken out at once, and the one before it goes on', async () => {
    const single = open({ size: 1 });
    const first = single.run(request('select sum(range) from range(50000000)'));
    const caller = new AbortController();
    const second = outcomeOf(single, request('select 2', { signal: caller.signal }));
    caller.abort();
    expect((await second).failure?.code).toBe('STATEMENT_CANCELLED');
    expect((await first).rows).toEqual([['1249999975000000']]);
    const third = await outcomeOf(single, request('select 3', { signal: caller.signal }));
    expect(third.failure?.code).toBe('STATEMENT_CANCELLED');
  });

  test('closing the pool cancels what runs and what waits, and leaves no process', async () => {
    const single = open({ size: 1 });
    await single.run(request('select 1'));
    const before = statementChildren().length;
    const outcomes = [endless, 'select 1'].map((statement) => outcomeOf(single, request(statement)));
    await sleep(50);
    await single.close();
    const codes = (await Promise.all(outcomes)).map(({ failure }) => failure?.code);
    expect(codes).toEqual(['STATEMENT_CANCELLED', 'STATEMENT_CANCELLED']);
    expect(statementChildren()).toHaveLength(before - 1);
    expect((await outcomeOf(single, request('select 1'))).failure?.code).toBe('STATEMENT_CANCELLED');
  });
});

describe('children', () => {
  test('run side by side, and one that dies costs only its own statement', async () => {
    const pair = open({ size: 2 });
    const dying = outcomeOf(pair, { ...request(endless), owner: 'other' });
    const victim = await findWorkingChild();
    const surviving = outcomeOf(pair, request('select sum(range) from range(100000000)'));
    process.kill(victim, 'SIGKILL');
    const { failure } = await dying;
    expect(failure?.code).toBe('STATEMENT_FAILED');
    expect(failure?.message).toContain('ended the process');
    expect(failure?.detail).toContain('SIGKILL');
    expect((await surviving).result?.rows).toEqual([['4999999950000000']]);
    expect(pair.logged).toHaveLength(1);
  });

  test('more than two hundred waiting statements are refused', async () => {
    const single = open({ size: 1 });
    const outcomes = Array.from({ length: 202 }, () => outcomeOf(single, request(endless)));
    expect((await outcomes.at(-1))?.failure?.code).toBe('STATEMENTS_BUSY');
    await single.close();
    const codes = new Set((await Promise.all(outcomes.slice(0, -1))).map(({ failure }) => failure?.code));
    expect([...codes]).toEqual(['STATEMENT_CANCELLED']);
  });
});
