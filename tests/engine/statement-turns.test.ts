import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createStatementWorld,
  openWatchedPool,
  outcomeOf,
  type StatementWorld,
  type WatchedPool,
} from './statement-world.ts';

const endless = 'select count(*) from range(10000000) a, range(10000000) b where a.range + b.range = 7';

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

function request(owner: string, statement: string, signal?: AbortSignal) {
  return { catalog: world.catalog, statement, limit: 1, owner, signal };
}

test('who asks for endless statements leaves one process to others, who are answered meanwhile', async () => {
  const stop = new AbortController();
  const greedy = Array.from({ length: 20 }, () => outcomeOf(pool, request('greedy', endless, stop.signal)));
  for (const owner of ['ada', 'ben', 'ada']) {
    expect((await pool.run(request(owner, 'select 1'))).rows).toEqual([[1]]);
  }
  stop.abort();
  const codes = (await Promise.all(greedy)).map(({ failure }) => failure?.code);
  expect(new Set(codes)).toEqual(new Set(['STATEMENT_CANCELLED']));
});

test('owners take turns, each in the order of asking', async () => {
  const single = openWatchedPool({ size: 1 });
  const ended: string[] = [];
  const run = async (owner: string, name: string) => {
    await single.run(request(owner, 'select sum(range) from range(1000000)'));
    ended.push(name);
  };
  try {
    await Promise.all([
      run('ada', 'ada 1'),
      run('ada', 'ada 2'),
      run('ada', 'ada 3'),
      run('ben', 'ben 1'),
      run('cyd', 'cyd 1'),
      run('ben', 'ben 2'),
    ]);
    expect(ended).toEqual(['ada 1', 'ada 2', 'ben 1', 'cyd 1', 'ada 3', 'ben 2']);
  } finally {
    await single.close();
  }
});

test('when too many wait, the one with the most gives way to somebody else', async () => {
  const single = openWatchedPool({ size: 1 });
  const greedy = Array.from({ length: 201 }, () => outcomeOf(single, request('greedy', endless)));
  const other = outcomeOf(single, request('ada', 'select 1'));
  expect((await greedy.at(-1))?.failure?.code).toBe('STATEMENTS_BUSY');
  await single.close();
  expect((await other).failure?.code).toBe('STATEMENT_CANCELLED');
  const codes = (await Promise.all(greedy)).map(({ failure }) => failure?.code);
  expect(codes.filter((code) => code === 'STATEMENTS_BUSY')).toHaveLength(1);
});
