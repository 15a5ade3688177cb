import { expect, test } from 'vitest';
import type { Timeline } from './documents.ts';
import { readLanes } from './timeline-lanes.ts';

const now = new Date('2026-03-02T12:00:00Z');

function run(
  id: string,
  source: string,
  times: [queuedAt: string, startedAt: string | null, finishedAt: string | null],
) {
  const [queuedAt, startedAt, finishedAt] = times;
  return { node: { id, state: 'SUCCEEDED' as const, queuedAt, startedAt, finishedAt, source: { name: source } } };
}

function timeline(given: { runs: ReturnType<typeof run>[]; dues?: string[]; hasNextPage?: boolean }): Timeline {
  const dueTimes = (given.dues ?? []).map((at) => ({ at, tableCount: 1, tasks: [] }));
  return {
    syncRuns: { edges: given.runs, pageInfo: { hasNextPage: given.hasNextPage ?? false } },
    sources: [
      { name: 'shop', dueTimes },
      { name: 'idle', dueTimes: [] },
    ],
  };
}

test('a run that reaches into the last 24 hours is drawn, one that goes on reaches to the present, older ones are not', () => {
  const { lanes, from, knownFrom } = readLanes(
    timeline({
      runs: [
        run('open', 'shop', ['2026-03-02T11:00:00Z', '2026-03-02T11:01:00Z', null]),
        run('late', 'shop', ['2026-03-01T11:00:00Z', '2026-03-01T11:00:00Z', '2026-03-01T12:30:00Z']),
        run('old', 'shop', ['2026-03-01T10:00:00Z', null, '2026-03-01T10:30:00Z']),
      ],
    }),
    now,
  );
  expect(lanes.map(({ source }) => source)).toEqual(['shop']);
  expect(lanes[0]!.runs.map(({ id, from: start, to }) => [id, start.toISOString(), to.toISOString()])).toEqual([
    ['open', '2026-03-02T11:01:00.000Z', now.toISOString()],
    ['late', '2026-03-01T11:00:00.000Z', '2026-03-01T12:30:00.000Z'],
  ]);
  expect(knownFrom).toEqual(from);
});

test('where there were more runs than could be asked for, what is known begins at the oldest of them', () => {
  const runs = [run('a', 'shop', ['2026-03-02T11:00:00Z', null, '2026-03-02T11:00:01Z'])];
  expect(readLanes(timeline({ runs, hasNextPage: true }), now).knownFrom.toISOString()).toBe(
    '2026-03-02T11:00:00.000Z',
  );
});

test('a source without a run is there when something of it is due', () => {
  const { lanes } = readLanes(timeline({ runs: [], dues: ['2026-03-02T13:00:00Z'] }), now);
  expect(lanes.map(({ source, dues }) => [source, dues.length])).toEqual([['shop', 1]]);
});
