import { afterEach, beforeEach, expect, test } from 'vitest';
import { joinHub, type HubMember } from './hub-member.ts';
import { until } from './socket-client.ts';
import { createStage, type Stage } from './stage.ts';

const query = 'subscription ($after: ID) { tableEvents(after: $after) { number readable } }';

let stage: Stage;

beforeEach(() => {
  stage = createStage();
  stage.rights.add('ana', { tables: ['orders', 'salaries'] });
  stage.rights.add('ben', { tables: ['orders'] });
});

afterEach(() => stage.hub.close());

function emit(count: number, table = 'orders'): void {
  for (let emitted = 0; emitted < count; emitted += 1) stage.emit({ table });
}

function numbers(member: HubMember): number[] {
  return member.data.map((data) => (data['tableEvents'] as { number: number }).number);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test('what came after `after` is delivered first, then what happens, while events keep coming in between', async () => {
  emit(250);
  stage.outbox.pause = async () => {
    if (stage.outbox.lastSeq < 300) emit(5);
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (stage.outbox.lastSeq < 300) emit(5);
  };
  const ana = joinHub(stage, 'ana', {
    query,
    variables: { after: '7' },
    onDeliver: () => void (stage.outbox.lastSeq < 400 && emit(1)),
  });
  await until(() => ana.data.length >= 393);
  emit(1);
  await until(() => numbers(ana).at(-1) === stage.outbox.lastSeq);
  expect(numbers(ana)).toEqual(range(8, stage.outbox.lastSeq));
  expect(ana.ids).toEqual(numbers(ana).map(String));
});

test('clients that come again with different ids share the reads, the executions and what follows', async () => {
  emit(20);
  const [first, second] = ['5', '12'].map((after) => joinHub(stage, 'ana', { query, variables: { after } }));
  const third = joinHub(stage, 'ana', { query, variables: { after: '20' } });
  await until(() => first?.data.length === 15 && second?.data.length === 8);
  emit(1);
  await until(() => third.data.length === 1 && first?.data.length === 16 && second?.data.length === 9);
  expect([numbers(first!), numbers(second!), numbers(third)]).toEqual([range(6, 21), range(13, 21), [21]]);
  // The first reads alone at once; the second begins when that page is out.
  expect(stage.outbox.reads).toBe(2);
  expect(stage.hub.executionCount).toBe(15 + 8 + 1);
});

test('past events are shown by the rights of now', async () => {
  emit(1, 'salaries');
  emit(1);
  stage.rights.change('ana', ({ tables }) => tables.delete('salaries'));
  const ana = joinHub(stage, 'ana', { query, variables: { after: '0' } });
  await until(() => ana.data.length === 1);
  expect(ana.data).toEqual([{ tableEvents: { number: 2, readable: ['orders'] } }]);
});

test('a right that is lost in the middle of a replay counts from the next event on', async () => {
  emit(10, 'salaries');
  emit(1);
  const ana = joinHub(stage, 'ana', {
    query,
    variables: { after: '0' },
    onDeliver({ tableEvents }) {
      if ((tableEvents as { number: number }).number === 4) {
        stage.rights.change('ana', ({ tables }) => tables.delete('salaries'));
      }
    },
  });
  await until(() => numbers(ana).at(-1) === 11);
  expect(numbers(ana)).toEqual([1, 2, 3, 4, 11]);
});

test('an id older than what is kept is refused, one at the edge is not', async () => {
  emit(10);
  stage.outbox.prune(4);
  const expired = joinHub(stage, 'ana', { query, variables: { after: '3' } });
  const edge = joinHub(stage, 'ana', { query, variables: { after: '4' } });
  await until(() => expired.ended !== undefined && edge.data.length === 6);
  expect(expired.ended?.message).toBe(
    'The events after this one are no longer kept; fetch the present state and subscribe without `after`.',
  );
  expect(expired.data).toEqual([]);
  expect(numbers(edge)).toEqual(range(5, 10));
  expect(stage.hub.memberCount).toBe(1);
});

test('events that are pruned between two pages are not left out in silence', async () => {
  emit(250);
  const ana = joinHub(stage, 'ana', {
    query,
    variables: { after: '0' },
    onDeliver: ({ tableEvents }) => {
      if ((tableEvents as { number: number }).number === 50) stage.outbox.prune(200);
    },
  });
  await until(() => ana.ended !== undefined);
  expect(numbers(ana)).toEqual(range(1, 100));
});

test.each(['eleven', '-1', '1.5', '99999999999999999999', '11'])('`after: %s` is bad input', (after) => {
  emit(10);
  expect(() => joinHub(stage, 'ana', { query, variables: { after } })).toThrow('`after` is not the id of an event');
  expect(stage.hub.memberCount).toBe(0);
});

test('when more events come than memory may hold, everybody gets them from the outbox', async () => {
  let open = () => {};
  const closed = new Promise<void>((resolve) => (open = resolve));
  stage.pause = () => closed;
  const [ana, ben] = ['ana', 'ben'].map((name) => joinHub(stage, name, { query }));
  let most = 0;
  for (let emitted = 0; emitted < 5_000; emitted += 1) {
    stage.emit({ table: emitted % 2 ? 'orders' : 'salaries' });
    most = Math.max(most, stage.hub.heldEvents);
  }
  stage.pause = () => undefined;
  open();
  await until(() => ana?.data.length === 5_000 && ben?.data.length === 2_500);
  expect(numbers(ana!)).toEqual(range(1, 5_000));
  expect(numbers(ben!)).toEqual(range(1, 5_000).filter((number) => number % 2 === 0));
  expect(most).toBe(1_000);
  expect(stage.hub.heldEvents).toBe(0);
});

test('who can take nothing more waits where it is, and holds up nobody', async () => {
  emit(300);
  let taken = 0;
  let most = 50;
  const slow = joinHub(stage, 'ana', {
    query,
    variables: { after: '0' },
    canTake: () => taken < most,
    onDeliver: () => void (taken += 1),
  });
  const ben = joinHub(stage, 'ben', { query, variables: { after: '0' } });
  emit(10);
  await until(() => ben.data.length === 310 && slow.data.length === 50);
  expect(stage.hub.heldEvents).toBe(0);
  most = Infinity;
  await until(() => slow.data.length === 310);
  expect(numbers(slow)).toEqual(range(1, 310));
});

test('whoever leaves and comes again at random has every event once, in order', async () => {
  const names = ['ana', 'ben'];
  const people = Array.from({ length: 12 }, (_, index) => ({ name: names[index % 2]!, got: [] as number[] }));
  const wait = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  stage.pause = () => (Math.random() < 0.05 ? wait().then(() => {}) : undefined);
  stage.outbox.pause = () => (Math.random() < 0.5 ? wait().then(() => {}) : undefined);
  const lives = people.map(async (person) => {
    while (person.got.at(-1) !== 600) {
      const member = joinHub(stage, person.name, {
        query,
        variables: { after: String(person.got.at(-1) ?? 0) },
        onDeliver: ({ tableEvents }) => void person.got.push((tableEvents as { number: number }).number),
      });
      for (let waits = Math.random() * 20; waits > 0; waits -= 1) await wait();
      member.leave();
    }
  });
  while (stage.outbox.lastSeq < 600) {
    stage.emit({ table: stage.outbox.lastSeq % 3 === 0 ? 'salaries' : 'orders' });
    if (Math.random() < 0.3) await wait();
  }
  await Promise.all(lives);
  for (const { name, got } of people) {
    expect(got).toEqual(range(1, 600).filter((number) => name === 'ana' || number % 3 !== 1));
  }
});
