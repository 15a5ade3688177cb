import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeConnector } from '../../connectors/keboola/make-connector.ts';
import type { Connector } from '../../connectors/contract.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import type { Table } from '../../src/registry/table.ts';
import { updateTable } from '../../src/registry/update-table.ts';
import { cancelSyncRun } from '../../src/sync/cancel-sync-run.ts';
import { listSyncRuns } from '../../src/sync/read-sync-runs.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { KeboolaStandIn, type StandInTable } from './keboola-stand-in.ts';

let standIn: KeboolaStandIn;
let server: TestServer;
let admin: TestPerson;
let count = 0;
let id: string;
let table: Table;

beforeAll(async () => {
  standIn = await KeboolaStandIn.start();
  standIn.provider = 'gcp';
  standIn.polls = 0;
  const connector = makeConnector({ fetch: standIn.fetch, patienceSeconds: 20 }) as Connector;
  const environment = { KEBOOLA_STORAGE_TOKEN: 'another', KEBOOLA_CRM: standIn.token };
  server = await startTestServer({ connectors: [connector], environment });
  admin = await server.person('admin', ['core.admin']);
  const config = { stackUrl: standIn.url, tokenEnv: 'KEBOOLA_CRM' };
  await server.run(createSource, { name: 'crm', connector: 'keboola', config });
});

afterAll(async () => {
  await server.close();
  await standIn.close();
});

beforeEach(() => {
  count += 1;
  id = `in.c-crm.orders_${count}`;
  standIn.fault = () => undefined;
  standIn.requests.length = 0;
});

const integer = [{ key: 'KBC.datatype.basetype', value: 'INTEGER', provider: 'user' }];

/** Puts the table at Keboola, changed at this hour of 2026-01-01. */
function put(hour: number, rows: (string | null)[][], more: Partial<StandInTable> = {}): void {
  const at = `2026-01-01T${String(hour).padStart(2, '0')}:00:00+0100`;
  const columnMetadata = { id: integer };
  const columns = ['id', 'day', 'text'];
  standIn.put({
    id,
    columns,
    rows,
    primaryKey: ['id'],
    columnMetadata,
    lastImportDate: at,
    lastChangeDate: at,
    ...more,
  });
}

async function register(options: Record<string, unknown>, primaryKey: string[] = []): Promise<void> {
  table = await server.run(registerTable, {
    source: 'crm',
    name: `orders_${count}`,
    primaryKey,
    options: { table: id, ...options },
  });
}

async function sync(fullRefresh = false): Promise<string> {
  standIn.requests.length = 0;
  await server.run(startSync, { source: 'crm', tables: [table.id], fullRefresh });
  await server.open.syncRunner.idle();
  const [run] = await listSyncRuns(server.open.services, { limit: 1 });
  return run!.state;
}

async function rows(select = 'id, text'): Promise<string[]> {
  const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
  const statement = `SELECT ${select} FROM ${table.sqlName} ORDER BY ALL`;
  const { data, errors } = await ask(server, { as: admin, query, variables: { statement } });
  expect(errors).toBeUndefined();
  return data.sql.rows.map((row: unknown[]) => row.join(' '));
}

const state = () => server.open.services.generations.state(table.id)!;
const exports = () => standIn.asked(/export-async/).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const seconds = (hour: number) => Date.parse(`2026-01-01T${String(hour).padStart(2, '0')}:00:00+0100`) / 1000;

describe('full', () => {
  test('takes all rows each time, and asks for no export when nothing has changed', async () => {
    put(10, [
      ['1', '', 'a'],
      ['2', '', 'b'],
    ]);
    await register({});
    expect(await sync()).toBe('succeeded');
    put(11, [['2', '', 'B']]);
    expect(await sync()).toBe('succeeded');
    expect(await rows()).toEqual(['2 B']);
    const generation = server.open.services.generations.current();
    expect(await sync()).toBe('succeeded');
    expect(exports()).toEqual([]);
    expect(server.open.services.generations.current()).toBe(generation);
    expect(await sync(true)).toBe('succeeded');
    expect(exports()).toHaveLength(1);
  });

  test('exports again what changed so lately that another change could have the same time', async () => {
    put(10, [['1', '', 'a']], { lastChangeDate: new Date().toISOString() });
    await register({});
    await sync();
    await sync();
    expect(exports()).toHaveLength(1);
  });

  test('exports an alias each time', async () => {
    put(10, [['1', '', 'a']], { isAlias: true });
    await register({});
    await sync();
    await sync();
    expect(exports()).toHaveLength(1);
  });

  test('takes new columns and new types when the table has changed them', async () => {
    put(10, [['1', '', 'a']]);
    await register({});
    await sync();
    put(11, [['x', 'new', 'b']], { columns: ['id', 'place', 'text'], columnMetadata: {} });
    expect(await sync()).toBe('succeeded');
    expect(await rows('*')).toEqual(['x new b']);
  });
});

describe('incremental', () => {
  test('asks for what came since the table’s own time, merges by the primary key of Keboola, keeps what was deleted until a full refresh', async () => {
    put(10, [
      ['1', '', 'a'],
      ['2', '', 'b'],
    ]);
    await register({ mode: 'incremental' });
    expect(await sync()).toBe('succeeded');
    expect(exports()[0]).not.toHaveProperty('changedSince');
    put(
      11,
      [
        ['2', '', 'B'],
        ['3', '', 'c'],
      ],
      { imported: [seconds(11), seconds(11)] },
    );
    expect(await sync()).toBe('succeeded');
    expect(exports()[0]).toMatchObject({ changedSince: String(seconds(10)) });
    expect(await rows()).toEqual(['1 a', '2 B', '3 c']);
    put(
      12,
      [
        ['2', '', 'B'],
        ['3', '', 'c'],
      ],
      { imported: [seconds(11), seconds(11)] },
    );
    await sync();
    expect(exports()[0]).toMatchObject({ changedSince: String(seconds(11)) });
    await sync(true);
    expect(await rows()).toEqual(['2 B', '3 c']);
  });

  test('a failed sync moves no time: the next one asks from where the last good one was', async () => {
    put(10, [['1', '', 'a']]);
    await register({ mode: 'incremental' });
    await sync();
    put(11, [['x', '', 'b']], { imported: [seconds(11)] });
    expect(await sync()).toBe('failed');
    put(12, [['2', '', 'b']], { imported: [seconds(11)] });
    expect(await sync()).toBe('succeeded');
    expect(exports()[0]).toMatchObject({ changedSince: String(seconds(10)) });
    expect(await rows()).toEqual(['1 a', '2 b']);
  });

  test('takes all rows when the columns, the types or the primary key have changed', async () => {
    put(10, [
      ['1', '', 'a'],
      ['2', '', 'b'],
    ]);
    await register({ mode: 'incremental' });
    await sync();
    put(11, [['1', '', 'A']], { primaryKey: ['id', 'text'] });
    await sync();
    expect(exports()[0]).not.toHaveProperty('changedSince');
    expect(await rows()).toEqual(['1 A']);
  });

  test('needs a key: that of the registration, where Keboola has none', async () => {
    put(
      10,
      [
        ['1', '', 'a'],
        ['1', '', 'b'],
      ],
      { primaryKey: [] },
    );
    await register({ mode: 'incremental' });
    expect(await sync()).toBe('failed');
    expect(state().error).toMatch(/has no primary key, .*; give it one\.$/);
    count += 1000;
    await register({ mode: 'incremental' }, ['id']);
    expect(await sync()).toBe('succeeded');
    expect(await rows()).toEqual(['1 b']);
  });
});

describe('partitioned', () => {
  const days = [
    ['1', '2026-01-05', 'a'],
    ['2', '2026-02-05 10:00:00', 'b'],
    ['3', '2026-03-01', '"c",\nd'],
    ['4', null, 'e'],
  ];
  const files = () => Object.fromEntries(state().files.map(({ partition, sha256 }) => [partition, sha256]));

  test('has a file for each month, of which those that did not change stay', async () => {
    put(10, days);
    await register({ mode: 'partitioned', partition: { column: 'day' } });
    expect(await sync()).toBe('succeeded');
    expect(Object.keys(files())).toEqual(['2026-01', '2026-02', '2026-03', 'none']);
    const before = files();
    put(11, [...days.slice(1), ['5', '2026-02-06', 'f']]);
    expect(await sync()).toBe('succeeded');
    expect(await rows()).toEqual(['2 b', '3 "c",\nd', '4 e', '5 f']);
    expect(files()).toMatchObject({ '2026-03': before['2026-03'], none: before['none'] });
    expect(Object.keys(files())).toEqual(['2026-02', '2026-03', 'none']);
    put(12, []);
    expect(await sync()).toBe('succeeded');
    expect(await rows()).toEqual([]);
  });

  test('with recent exports only the last ones again', async () => {
    put(10, days);
    await register({ mode: 'partitioned', partition: { column: 'day', by: 'day', recent: 2 } });
    await sync();
    put(11, [
      ['9', '2026-02-05', 'new'],
      ['8', '2026-03-02', 'newer'],
    ]);
    expect(await sync()).toBe('succeeded');
    expect(exports()[0]).toMatchObject({ whereFilters: [{ column: 'day', operator: 'ge', values: ['2026-02-05'] }] });
    expect(await rows()).toEqual(['1 a', '4 e', '8 newer', '9 new']);
  });

  test('fails at a value that is no date, with its line', async () => {
    put(10, [...days, ['6', '5. 1. 2026', 'x']]);
    await register({ mode: 'partitioned', partition: { column: 'day' } });
    expect(await sync()).toBe('failed');
    expect(state().error).toMatch(/, line 7: the value of the column of the partitions is no date; /);
  });
});

test('a table that is gone at Keboola costs only itself', async () => {
  put(10, [['1', '', 'a']]);
  await register({});
  const good = table;
  count += 1;
  const missing = { source: 'crm', name: `gone_${count}`, options: { table: 'in.c-crm.gone' } };
  const gone = await server.run(registerTable, missing);
  await server.run(startSync, { source: 'crm', tables: [good.id, gone.id] });
  await server.open.syncRunner.idle();
  const [run] = await listSyncRuns(server.open.services, { limit: 1 });
  expect(run!.state).toBe('partial');
  expect(server.open.services.generations.state(gone.id)!.error).toMatch(/^There is no table in\.c-crm\.gone /);
  expect(await rows()).toEqual(['1 a']);
});

test('a cancelled run publishes nothing and asks no more', async () => {
  put(10, [['1', '', 'a']]);
  await register({});
  let polled: () => void = () => {};
  const polling = new Promise<void>((resolve) => (polled = resolve));
  standIn.fault = ({ path }) => {
    if (!path.includes('/jobs/')) return undefined;
    polled();
    return { status: 200, body: { id: 1, status: 'processing' } };
  };
  const run = await server.run(startSync, { source: 'crm', tables: [table.id] });
  await polling;
  await server.run(cancelSyncRun, { id: run.id });
  await server.open.syncRunner.idle();
  const asked = standIn.requests.length;
  expect(server.open.services.generations.state(table.id)).toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(standIn.requests.length).toBe(asked);
});

test('a server that stops in the middle of a run finishes it at the next start', async () => {
  put(10, [['1', '', 'a']]);
  await register({});
  await server.run(updateTable, { id: table.id, schedule: 'every 24h' });
  let polled: () => void = () => {};
  const polling = new Promise<void>((resolve) => (polled = resolve));
  standIn.fault = ({ path }) => {
    if (!path.includes('/jobs/')) return undefined;
    polled();
    return { status: 200, body: { id: 1, status: 'processing' } };
  };
  await server.run(startSync, { source: 'crm', tables: [table.id] });
  await polling;
  standIn.fault = () => undefined;
  server = await server.restart();
  await expect.poll(() => server.open.services.generations.state(table.id)?.status, { timeout: 20_000 }).toBe('ok');
  expect(await rows()).toEqual(['1 a']);
});

test('no token stands in the state, in the audit or in an error', async () => {
  put(10, [['1', '', 'a']]);
  await register({});
  standIn.fault = () => ({ status: 400, body: { error: `Odd ${standIn.token}` } });
  expect(await sync()).toBe('failed');
  expect(state().error).toMatch(/answered with 400: Odd …; /);
  const query = '{ auditEvents(last: 100) { nodes { action details } } sources { name config } }';
  const answer = await ask(server, { as: admin, query });
  expect(JSON.stringify(answer)).not.toContain(standIn.token);
});
