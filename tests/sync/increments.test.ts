import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Since } from '../../connectors/contract.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import type { Table } from '../../src/registry/table.ts';
import { listSyncRuns } from '../../src/sync/read-sync-runs.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { Ledger } from './ledger.ts';

const ledger = new Ledger({ incremental: true });
const plain = new Ledger({ kind: 'plain' });
let server: TestServer;
let admin: TestPerson;
let table: Table;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ connectors: [ledger.connector, plain.connector] });
  admin = await server.person('admin', ['core.admin']);
  await server.run(createSource, { name: 'ledger', connector: 'ledger', config: {} });
});

afterAll(() => server.close());

async function register(primaryKey: string[]): Promise<void> {
  count += 1;
  const input = { source: 'ledger', name: `entries_${count}`, watermarkColumn: 'at', primaryKey, options: {} };
  table = await server.run(registerTable, input);
}

beforeEach(() => register(['id']));

/** Syncs the table, which answers with these files; resolves to what it was asked for and how the run ended. */
async function sync(files: string[], fullRefresh = false): Promise<{ since: Since | undefined; state: string }> {
  let since: Since | undefined;
  ledger.script(table.name, (asked) => {
    since = asked.since;
    return files;
  });
  await server.run(startSync, { source: 'ledger', tables: [table.id], fullRefresh });
  await server.open.syncRunner.idle();
  const [run] = await listSyncRuns(server.open.services, { limit: 1 });
  return { since, state: run!.state };
}

async function rows(select = 'id, "at", text'): Promise<string[]> {
  const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
  const statement = `SELECT ${select} FROM ${table.sqlName} ORDER BY ALL`;
  const { data, errors } = await ask(server, { as: admin, query, variables: { statement } });
  expect(errors).toBeUndefined();
  return data.sql.rows.map((row: unknown[]) => row.join(' '));
}

const state = () => server.open.services.generations.state(table.id)!;

test('the first sync takes all; the next asks for what is at the watermark or after it and replaces by primary key', async () => {
  expect(await sync(['id,at,text\n1,10,a\n2,20,b\n'])).toEqual({ since: undefined, state: 'succeeded' });
  expect(await sync(['id,at,text\n2,30,B\n3,30,c\n'])).toEqual({
    since: { column: 'at', value: '20', orEqual: true },
    state: 'succeeded',
  });
  expect(await rows()).toEqual(['1 10 a', '2 30 B', '3 30 c']);
  expect(state()).toMatchObject({ rows: 3, watermark: { value: '30' }, status: 'ok' });
  expect(state().files).toHaveLength(1);
});

test('of a key that comes several times in one sync the newest row counts', async () => {
  await sync(['id,at,text\n1,10,a\n']);
  await sync(['id,at,text\n1,30,new\n1,20,old\n', 'id,at,text\n1,25,older\n']);
  expect(await rows()).toEqual(['1 30 new']);
});

test('without a primary key only greater rows are asked for, and added in files beside the old ones', async () => {
  await register([]);
  await sync(['id,at,text\n1,10,a\n']);
  const [first] = state().files;
  expect((await sync(['id,at,text\n1,20,b\n'])).since).toEqual({ column: 'at', value: '10', orEqual: false });
  expect(await rows()).toEqual(['1 10 a', '1 20 b']);
  expect(state().files[0]).toEqual(first);
  expect(state().files).toHaveLength(2);
});

test('a sync that brings nothing new keeps the files and the generation, and moves the time of the last sync', async () => {
  await sync(['id,at,text\n1,10,a\n2,20,b\n']);
  const [before, generation] = [state(), server.open.services.generations.current()];
  for (const files of [[], ['id,at,text\n2,20,b\n']]) {
    expect((await sync(files)).state).toBe('succeeded');
    expect(state().files).toEqual(before.files);
    expect(state().lastSyncAt!.getTime()).toBeGreaterThan(before.lastSyncAt!.getTime());
    expect(server.open.services.generations.current()).toBe(generation);
  }
});

test('a failure keeps rows and watermark; the next sync asks from there again', async () => {
  await sync(['id,at,text\n1,10,a\n']);
  expect((await sync(['id,at,text\n2,20,b\n', 'id,at,text\n3,30,c,surplus\n'])).state).toBe('failed');
  expect(await rows()).toEqual(['1 10 a']);
  expect((await sync(['id,at,text\n2,20,b\n'])).since?.value).toBe('10');
  expect(await rows()).toEqual(['1 10 a', '2 20 b']);
});

test('rows without the watermark column fail the table in one sentence', async () => {
  await sync(['id,text\n1,a\n']);
  expect(state()).toMatchObject({ status: 'failed', files: [] });
  expect(state().error).toBe(
    'The rows have no column "at", by which they are to be told apart; they have "id", "text".',
  );
});

test('a full refresh asks for all and drops what is gone; later syncs go on from its watermark', async () => {
  await sync(['id,at,text\n1,10,a\n2,20,b\n']);
  expect((await sync(['id,at,text\n1,15,a\n'], true)).since).toBeUndefined();
  expect(await rows()).toEqual(['1 15 a']);
  expect((await sync([])).since?.value).toBe('15');
});

test('when a file of the table is gone the sync takes all rows again', async () => {
  await sync(['id,at,text\n1,10,a\n']);
  rmSync(state().files[0]!.path, { force: true });
  expect((await sync(['id,at,text\n1,10,a\n'])).since).toBeUndefined();
  expect(await rows()).toEqual(['1 10 a']);
});

test('a column that comes later is empty in the rows before it', async () => {
  await sync(['id,at,text\n1,10,a\n']);
  await sync(['id,at,text,place\n2,20,b,Brno\n']);
  expect(await rows('id, place')).toEqual(['1 ', '2 Brno']);
});

test('many small additions become one file', async () => {
  await register([]);
  const files = Array.from({ length: 21 }, (_, index) => `id,at,text\n1,${index + 1},a\n`);
  await sync(files.slice(0, 20));
  expect(state().files).toHaveLength(20);
  await sync(files.slice(20));
  expect(state().files).toHaveLength(1);
  expect(await rows('count(*), max("at")')).toEqual(['21 21']);
});

test('the watermark is there after a restart', async () => {
  await sync(['id,at,text\n1,10,a\n']);
  server = await server.restart();
  expect((await sync([])).since?.value).toBe('10');
});

test('a connector that takes all rows each time refuses a watermark column', async () => {
  await server.run(createSource, { name: 'plain', connector: 'plain', config: {} });
  const registering = server.run(registerTable, {
    source: 'plain',
    name: 'entries',
    watermarkColumn: 'at',
    options: {},
  });
  await expect(registering).rejects.toMatchObject({
    fields: [{ path: 'watermarkColumn', message: 'The connector plain takes all rows each time; leave this out.' }],
  });
});

test('a column that changes its type fails the table, which keeps every digit that it has, until a full refresh', async () => {
  await sync(['id,at,text\n1,10,9007199254740993\n']);
  expect(await sync(['id,at,text\n2,20,1.5\n'])).toMatchObject({ state: 'failed' });
  expect(await rows()).toEqual(['1 10 9007199254740993']);
  expect(state().error).toBe(
    'The column "text" held BIGINT and has DOUBLE now; sync the table with a full refresh, or give the column a type.',
  );
  expect(await sync(['id,at,text\n2,20,1.5\n'], true)).toMatchObject({ state: 'succeeded' });
  expect(await rows()).toEqual(['2 20 1.5']);
});
