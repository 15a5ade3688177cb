import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemPrincipal } from '../../src/identity/authenticate.ts';
import { runStatement } from '../../src/query/run-statement.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { SteppingClock } from './stepping-clock.ts';

const rows = 200;
const names = ['orders', 'payments', 'shipments'];
const graceSeconds = 600;

/** Every row of every file says which version it is of. */
function content(version: number): string {
  return `id,version\n${Array.from({ length: rows }, (_, id) => `${id},${version}\n`).join('')}`;
}

/** Resolves to the versions a statement saw and how many rows. */
type Read = (statement: string) => Promise<unknown[]>;

const overOne = (name: string) => `SELECT min(version), max(version), count(*) FROM shop.${name}`;
const overTwo = `SELECT min(least(o.version, p.version)), max(greatest(o.version, p.version)), count(*)
  FROM shop.orders o JOIN shop.payments p USING (id)`;
const overThree = `SELECT min(version), max(version), count(*) / 3 FROM (SELECT * FROM shop.orders
  UNION ALL SELECT * FROM shop.payments UNION ALL SELECT * FROM shop.shipments)`;

/** Reads again and again until it is stopped; each read has to see one version whole, and none older than the last. */
class LoopingReader {
  reads = 0;
  readonly versions = new Set<number>();
  readonly faults: string[] = [];
  readonly ended: Promise<void>;
  #stopped = false;

  constructor(read: Read, statement: string) {
    this.ended = this.#loop(read, statement);
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.ended;
  }

  async #loop(read: Read, statement: string): Promise<void> {
    let newest = 0;
    while (!this.#stopped && this.faults.length === 0) {
      try {
        const [low, high, count] = (await read(statement)).map(Number);
        if (low !== high || count !== rows) this.faults.push(`a mix: ${low} to ${high} in ${count} rows`);
        if (low! < newest) this.faults.push(`version ${low} after ${newest}`);
        newest = low!;
        this.versions.add(newest);
      } catch (error) {
        this.faults.push(String(error));
      }
      this.reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const clock = new SteppingClock();
let server: TestServer;
let version = 0;

beforeAll(async () => {
  server = await startTestServer({ clock });
  for (const name of names) await server.registerFile(name, content(0));
  await server.sync();
});

afterAll(() => server.close());

async function publishNextVersion(): Promise<void> {
  version += 1;
  for (const name of names) writeFileSync(join(server.files, `${name}.csv`), content(version));
  await server.sync();
}

async function reader(name: string, tables: readonly string[]): Promise<TestPerson> {
  const person = await server.person(name, ['core.viewer']);
  for (const table of server.open.services.registry.tables()) {
    if (tables.includes(table.name)) await server.run(grantTableAccess, { tableId: table.id, userId: person.id });
  }
  return person;
}

function overHttp(person: TestPerson): Read {
  return async (statement) => {
    const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
    const answer = await ask(server, { as: person, query, variables: { statement } });
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data.sql.rows[0];
  };
}

async function inProcess(statement: string): Promise<unknown[]> {
  const principal = { ...systemPrincipal };
  const result = await runStatement(server.open.services, { statement, limit: 1, principal, requestId: 'test' });
  return result.rows[0]!;
}

function filesOnDisk(name: string): string[] {
  return readdirSync(join(server.dataDir, 'extracts/shop/data', name)).toSorted();
}

test('no read fails, and none sees a mix, while 5 syncs publish changed files and old ones are removed', async () => {
  const [ada, ben] = [await reader('ada', names), await reader('ben', ['orders', 'payments'])];
  const readers = [
    new LoopingReader(overHttp(ada), overThree),
    new LoopingReader(overHttp(ada), overOne('shipments')),
    new LoopingReader(overHttp(ben), overTwo),
    new LoopingReader(overHttp(ben), overOne('orders')),
    new LoopingReader(inProcess, overTwo),
  ];
  /** Whoever reads now began after this was called. */
  async function everyReaderBeganAnew(): Promise<void> {
    const before = readers.map(({ reads }) => reads);
    while (readers.some(({ reads, faults }, index) => faults.length === 0 && reads < before[index]! + 2)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  try {
    for (let sync = 1; sync <= 5; sync += 1) {
      await publishNextVersion();
      await everyReaderBeganAnew();
      if (sync > 2) clock.letPass(graceSeconds + 1);
      if (sync === 2) expect(filesOnDisk('orders'), 'within the grace').toHaveLength(3);
    }
  } finally {
    await Promise.all(readers.map((one) => one.stop()));
  }
  expect(readers.flatMap(({ faults }) => faults)).toEqual([]);
  for (const one of readers) expect(one.versions.size).toBeGreaterThanOrEqual(5);
  // The current one, and the one before, which the next run removes.
  for (const name of names) expect(filesOnDisk(name)).toHaveLength(2);
}, 180_000);

test('a file that a later version brings back is not removed as one of a retired generation', async () => {
  writeFileSync(join(server.files, 'orders.csv'), content(version - 1));
  await server.sync();
  clock.letPass(graceSeconds + 1);
  await server.sync();
  await server.sync();
  expect((await inProcess(overOne('orders'))).map(Number)).toEqual([version - 1, version - 1, rows]);
  expect(filesOnDisk('orders')).toHaveLength(1);
});

test('a sync that changes nothing keeps the files and the generation', async () => {
  const before = { files: filesOnDisk('payments'), generation: server.open.services.generations.current() };
  await server.sync();
  expect({ files: filesOnDisk('payments'), generation: server.open.services.generations.current() }).toEqual(before);
});

test('a start removes what no generation names, and serves what the last sync published', async () => {
  await publishNextVersion();
  server = await server.restart();
  expect((await inProcess(overThree)).map(Number)).toEqual([version, version, rows]);
  for (const name of names) expect(filesOnDisk(name)).toHaveLength(1);
});
