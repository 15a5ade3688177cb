import { expect, test } from 'vitest';
import { joinHub, type HubMember } from './hub-member.ts';
import { until } from './socket-client.ts';
import { createStage, type Stage } from './stage.ts';

const rounds = 250;
const stepsPerRound = 15;
const names = ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay'];
const tables = ['orders', 'salaries', 'visits', 'costs'];
const queries = [
  'subscription { tableEvents { number table readable readableLate } }',
  'subscription { tableEvents { number table readable readableLate me } }',
  'subscription { tableEvents(tables: ["orders", "costs", "all"]) { number table readable readableLate } }',
];

interface Row {
  number: number;
  table: string;
  readable: string[];
  readableLate: string[];
  me?: string;
}

/** One subscription and what an oracle says of it. */
interface Watched {
  readonly name: string;
  readonly queryNumber: number;
  member: HubMember;
  readonly got: number[];
  gotInAll: number;
  /** Events that it could see from the moment they were emitted until now. */
  certain: Set<number>;
  /** Which table each certain event is about. */
  readonly tableOf: Map<number, string>;
}

test('whatever is granted, revoked and emitted: nothing forbidden is handed out, nothing allowed is lost, order is kept', async () => {
  const seed = Math.trunc(Math.random() * 2 ** 31);
  const random = randomNumbers(seed);
  const stage = createStage();
  for (const name of names) stage.rights.add(name, { tables: ['all', 'orders'] });
  stage.pause = () => pauses(random)[Math.floor(random() * 3.3)]?.();
  const faults: string[] = [];
  const watched = names.flatMap((name) => queries.map((_, queryNumber) => watch({ stage, name, queryNumber, faults })));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (let step = 0; step < stepsPerRound; step += 1) await takeStep({ stage, watched, random, faults });
      const marker = emit(stage, watched, 'all');
      await until(() => watched.every(({ member, got }) => member.ended !== undefined || got.includes(marker)));
      for (const one of watched) settle(one, faults);
      for (const one of watched) if (one.member.ended !== undefined) rejoin(stage, one, faults);
      expect(faults, `seed ${seed}, round ${round}`).toEqual([]);
    }
    for (const { gotInAll } of watched) expect(gotInAll).toBeGreaterThan(rounds);
  } finally {
    stage.hub.close();
  }
}, 120_000);

interface World {
  readonly stage: Stage;
  readonly watched: Watched[];
  readonly random: () => number;
  readonly faults: string[];
}

async function takeStep({ stage, watched, random, faults }: World): Promise<void> {
  const name = names[Math.floor(random() * names.length)] ?? '';
  const table = tables[Math.floor(random() * tables.length)] ?? '';
  const dice = random();
  if (dice < 0.45) emit(stage, watched, table);
  else if (dice < 0.65) stage.rights.change(name, (person) => person.tables.add(table));
  else if (dice < 0.85) stage.rights.change(name, (person) => person.tables.delete(table));
  else if (dice < 0.87) {
    stage.rights.change(name, (person) => (person.active = false));
    stage.rights.change(name, (person) => (person.active = true));
  } else if (dice < 0.88) {
    stage.rights.change(name, (person) => person.roles.delete('viewer'));
    stage.rights.change(name, (person) => person.roles.add('viewer'));
  } else if (dice < 0.89) {
    stage.rights.change(name, (person) => (person.active = false));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    stage.rights.change(name, (person) => (person.active = true));
    for (const one of watched) if (one.member.ended !== undefined) rejoin(stage, one, faults);
  } else await pauses(random)[1 + Math.floor(random() * 2.5)]?.();
  for (const one of watched) forgetWhatIsNotCertain(stage, one);
}

function emit(stage: Stage, watched: Watched[], table: string): number {
  const number = stage.emit({ table });
  for (const one of watched) {
    if (one.member.ended !== undefined) continue;
    one.tableOf.set(number, table);
    one.certain.add(number);
    forgetWhatIsNotCertain(stage, one);
  }
  return number;
}

function forgetWhatIsNotCertain(stage: Stage, one: Watched): void {
  const asked = one.queryNumber === 2 ? ['orders', 'costs', 'all'] : [...tables, 'all'];
  const readable = stage.rights.person(one.name).tables;
  for (const number of one.certain) {
    const table = one.tableOf.get(number) ?? '';
    if (!asked.includes(table) || (!readable.has(table) && !one.got.includes(number))) one.certain.delete(number);
  }
}

function watch(of: { stage: Stage; name: string; queryNumber: number; faults: string[] }): Watched {
  const one: Watched = {
    name: of.name,
    queryNumber: of.queryNumber,
    member: { data: [], ids: [], ended: undefined, leave: () => {} },
    got: [],
    gotInAll: 0,
    certain: new Set(),
    tableOf: new Map(),
  };
  rejoin(of.stage, one, of.faults);
  return one;
}

function rejoin(stage: Stage, one: Watched, faults: string[]): void {
  one.certain = new Set();
  one.member = joinHub(stage, one.name, {
    query: queries[one.queryNumber] ?? '',
    onDeliver(data) {
      const row = data['tableEvents'] as Row;
      const readable = [...stage.rights.person(one.name).tables].toSorted();
      const allowed = stage.rights.person(one.name).active && readable.includes(row.table);
      if (!allowed) faults.push(`${one.name} got ${row.number} about ${row.table}, which is forbidden now`);
      for (const shown of [row.readable, row.readableLate]) {
        if (shown.join() !== readable.join()) faults.push(`${one.name} saw ${shown}, may see ${readable}`);
      }
      if (row.me && row.me !== `${one.name}@example.com`) faults.push(`${one.name} got what is for ${row.me}`);
      if (row.number <= (one.got.at(-1) ?? 0)) faults.push(`${one.name} got ${row.number} after ${one.got.at(-1)}`);
      one.got.push(row.number);
      one.gotInAll += 1;
    },
  });
}

function settle(one: Watched, faults: string[]): void {
  if (one.member.ended === undefined) {
    for (const number of one.certain) if (!one.got.includes(number)) faults.push(`${one.name} never got ${number}`);
  }
  one.certain = new Set();
  one.tableOf.clear();
  one.got.splice(0, one.got.length - 1);
}

/** Ways to let time pass, from none to a few milliseconds. */
function pauses(random: () => number): (() => Promise<void> | undefined)[] {
  return [
    () => undefined,
    () => Promise.resolve(),
    () => new Promise((resolve) => setImmediate(resolve)),
    () => new Promise((resolve) => setTimeout(resolve, random() * 2)),
  ];
}

/** mulberry32: the same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
