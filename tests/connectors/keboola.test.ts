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
import { mutate } from '../api/mutate.ts';
import { newestEvent } from '../api/audit/newest-event.ts';
import { da } from '../cli/run-da.ts';
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

describe('descriptions of columns', () => {
  const note = (value: string) => [{ key: 'KBC.description', value, provider: 'user' }];
  const typed = (column: string) => (column === 'id' ? integer : []);

  /** Puts the table with these words on its columns, and nothing else changed. */
  function putDescribed(notes: Record<string, string>): void {
    const columns = ['id', 'day', 'text'];
    const columnMetadata = Object.fromEntries(
      columns.map((name) => [name, [...typed(name), ...(notes[name] ? note(notes[name]) : [])]]),
    );
    put(10, [['1', '2026-01-01', 'a']], { columns, columnMetadata });
  }

  async function described(): Promise<unknown[][]> {
    const query =
      'query ($sqlName: String!) { table(sqlName: $sqlName) { columns { name description descriptionSource } } }';
    const { data } = await ask(server, { as: admin, query, variables: { sqlName: table.sqlName } });
    return data.table.columns.map(Object.values);
  }

  async function tableId(): Promise<string> {
    const query = 'query ($sqlName: String!) { table(sqlName: $sqlName) { id } }';
    return (await ask(server, { as: admin, query, variables: { sqlName: table.sqlName } })).data.table.id;
  }

  async function push() {
    const input = { tableId: await tableId() };
    return mutate(server, admin, { field: 'pushColumnMetadata', input, payload: 'columns' });
  }

  test('come with each sync, also of a table whose rows stay; what a person wrote here counts before, until it is removed', async () => {
    putDescribed({ id: 'Theirs', day: 'The day' });
    await register({});
    await sync();
    expect(await described()).toEqual([
      ['id', 'Theirs', 'SOURCE'],
      ['day', 'The day', 'SOURCE'],
      ['text', null, null],
    ]);
    const describeColumns = async (description: string | null) => {
      const input = { tableId: await tableId(), columns: [{ name: 'id', description }] };
      return mutate(server, admin, { field: 'describeColumns', input });
    };
    await describeColumns('Ours');
    putDescribed({ id: 'Theirs again', text: 'A text' });
    await sync();
    expect(exports()).toEqual([]);
    const after = [
      ['day', null, null],
      ['text', 'A text', 'SOURCE'],
    ];
    expect(await described()).toEqual([['id', 'Ours', 'MANUAL'], ...after]);
    await describeColumns(null);
    expect(await described()).toEqual([['id', 'Theirs again', 'SOURCE'], ...after]);
  });

  test('are pushed by an administrator: what a person wrote here and differs, audited also when Keboola refuses', async () => {
    putDescribed({ day: 'Theirs' });
    await register({});
    expect(await push()).toMatchObject({
      __typename: 'ConflictError',
      message: expect.stringMatching(/sync it first/),
    });
    await sync();
    const env = { DA_SERVER: server.url, DA_TOKEN: admin.token };
    const words = ['admin', 'table', 'describe-columns', table.sqlName, '@-', '--push'];
    expect(await da(words, { env, stdin: '{"id": "Its number"}' })).toEqual({
      code: 0,
      stdout: '',
      stderr: `2 of 3 columns of ${table.sqlName} are described.\nWritten to its source: id.\n`,
    });
    const written = { key: 'KBC.description', value: 'Its number', provider: 'ai-metadata-enrichment' };
    expect(standIn.tables.get(id)!.columnMetadata!['id']).toContainEqual(written);
    const details = { sqlName: table.sqlName, source: 'crm', columns: ['id'], error: null };
    expect(await newestEvent(server)).toMatchObject({ action: 'columns.pushed', details });
    expect((await da(['admin', 'table', 'push-columns', table.sqlName], { env })).stderr).toBe(
      'Its source says the same already.\n',
    );
    standIn.fault = () => ({ status: 401, body: { error: `Odd ${standIn.token}` } });
    const message = expect.stringMatching(/refuses the token \(401\); set KEBOOLA_CRM to a token/);
    expect(await push()).toMatchObject({ __typename: 'PushError', code: 'PUSH_FAILED', message });
    expect(await newestEvent(server)).toMatchObject({ details: { columns: [], error: message } });
  });
});

test('all of a bucket is registered by one command and synced with its rows, types and keys', async () => {
  const bucket = `in.c-shop-${count}`;
  const columnMetadata = { id: integer };
  const [more, lastImportDate] = [{ columns: ['id', 'note'], columnMetadata }, '2026-01-01T10:00:00+0100'];
  standIn.put({ id: `${bucket}.orders`, rows: [['1', 'a']], primaryKey: ['id'], lastImportDate, ...more });
  standIn.put({ id: `${bucket}.empty`, rows: [], ...more });
  standIn.put({ id: 'in.c-other.left', rows: [['9', 'x']], ...more });
  const env = { DA_SERVER: server.url, DA_TOKEN: admin.token };
  const all = ['admin', 'table', 'register-all', 'crm', '--bucket', bucket];
  const registered = JSON.parse((await da([...all, '--json'], { env })).stdout) as { sqlName: string }[];
  expect(registered.map(({ sqlName }) => sqlName).toSorted()).toEqual([
    `crm.shop_${count}_empty`,
    `crm.shop_${count}_orders`,
  ]);
  expect((await da(all, { env })).stderr).toBe(`All that crm offers in ${bucket} is registered already.\n`);
  expect(await da([...all.slice(0, -1), 'in.c-none'], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/crm offers nothing in the bucket in\.c-none/),
  });
  const tables = server.open.services.registry.tables().filter((one) => one.bucket === bucket);
  await server.run(startSync, { source: 'crm', tables: tables.map((one) => one.id) });
  await server.open.syncRunner.idle();
  table = tables.find(({ name }) => name.endsWith('orders'))!;
  expect(table).toMatchObject({ primaryKey: ['id'], options: { table: `${bucket}.orders` } });
  expect(await rows('id, note, typeof(id)')).toEqual(['1 a BIGINT']);
  table = tables.find(({ name }) => name.endsWith('empty'))!;
  expect(await rows('*')).toEqual([]);
  expect(state().columns).toEqual([
    { name: 'id', type: 'BIGINT' },
    { name: 'note', type: 'VARCHAR' },
  ]);
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
