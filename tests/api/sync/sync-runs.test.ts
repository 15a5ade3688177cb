import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startDueSyncs } from '../../../src/jobs/start-due-syncs.ts';
import { createSource } from '../../../src/registry/create-source.ts';
import { registerTable } from '../../../src/registry/register-table.ts';
import { registerTables } from '../../../src/registry/register-tables.ts';
import type { Table } from '../../../src/registry/table.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { heldTable, Ledger } from '../../sync/ledger.ts';
import { SteppingClock } from '../../sync/stepping-clock.ts';

const clock = new SteppingClock();
const ledger = new Ledger();
let server: TestServer;
let admin: TestPerson;
let source: string;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ clock, connectors: [ledger.connector] });
  admin = await server.person('admin', ['core.admin']);
});

afterAll(() => server.close());

beforeEach(async () => {
  count += 1;
  source = `ledger_${count}`;
  await server.run(createSource, { name: source, connector: 'ledger', config: {} });
});

function register(name: string, schedule: string | null = null): Promise<Table> {
  return server.run(registerTable, { source, name, schedule, options: {} });
}

async function sync(...tables: Table[]): Promise<void> {
  await server.run(startSync, { source, tables: tables.map(({ id }) => id) });
  await server.open.syncRunner.idle();
}

async function runs(filter = '', as = admin): Promise<any[]> {
  const query = `{ syncRuns(source: "${source}" ${filter}) { edges { node {
    id state requestedBy startedAt finishedAt durationMs error
    tables { state attempts rows durationMs error table { name } } } } } }`;
  const { data, errors } = await ask(server, { as, query });
  expect(errors).toBeUndefined();
  return data.syncRuns.edges.map(({ node }: any) => node);
}

/** Fails as often as there are errors, then has one row. */
function failing(table: string, errors: unknown[]): void {
  const left = [...errors];
  ledger.script(table, () => {
    if (left.length > 0) throw left.shift();
    return ['id\n1\n'];
  });
}

const busy = Object.assign(new Error('The ledger is busy; it asks to come back later.'), { retryable: true });

test('a fault that may pass is tried again after one and four seconds, three times in all', async () => {
  const [orders, payments] = [await register('orders'), await register('payments')];
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  failing('orders', [busy, new Error('The ledger cannot be reached.', { cause: reset })]);
  failing('payments', [busy, busy, busy]);
  clock.slept.length = 0;
  await sync(orders, payments);
  expect(clock.slept).toEqual([1, 4, 1, 4]);
  const [run] = await runs();
  expect(run).toMatchObject({ state: 'PARTIAL', error: null });
  expect(run.tables).toHaveLength(2);
  expect(run.tables).toContainEqual(expect.objectContaining({ state: 'SUCCEEDED', attempts: 3, rows: '1' }));
  const failed = expect.objectContaining({ state: 'FAILED', attempts: 3, error: busy.message });
  expect(run.tables).toContainEqual(failed);
});

test('any other fault ends the table at once', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', retryable: false });
  for (const error of [new Error('The table has no column id.'), refused]) {
    const table = await register(`broken_${refused === error ? 'refused' : 'plain'}`);
    failing(table.name, [error]);
    clock.slept.length = 0;
    await sync(table);
    expect(clock.slept).toEqual([]);
    expect((await runs())[0].tables).toMatchObject([{ state: 'FAILED', attempts: 1, error: error.message }]);
  }
});

test('runs tell how long they took, and can be asked for by state, by table and by id', async () => {
  const [orders, payments] = [await register('orders'), await register('payments')];
  for (const name of ['orders', 'payments']) ledger.rows(name, 'id\n1\n');
  await sync(orders);
  failing('payments', [new Error('The ledger is closed.')]);
  await sync(payments);
  const [second, first] = await runs();
  expect(await runs('state: FAILED')).toEqual([second]);
  expect(await runs(`table: "Table:${orders.id}"`)).toEqual([first]);
  expect(await runs(`table: "Table:${orders.id}", state: FAILED`)).toEqual([]);
  expect(first.durationMs).toBe(String(Date.parse(first.finishedAt) - Date.parse(first.startedAt)));
  expect(first.tables[0].durationMs).toMatch(/^[0-9]+$/);
  const query = 'query ($id: ID!) { syncRun(id: $id) { id state } }';
  const byId = await ask(server, { as: admin, query, variables: { id: second.id } });
  expect(byId.data.syncRun).toEqual({ id: second.id, state: 'FAILED' });
  const none = await ask(server, { as: admin, query, variables: { id: 'SyncRun:nothing' } });
  expect([none.data, none.errors]).toEqual([{ syncRun: null }, undefined]);
});

test('a table tells administrators its runs, and a reader of the table nothing of them', async () => {
  const table = await server.run(registerTable, { source, name: 'orders', isPublic: true, options: {} });
  ledger.rows('orders', 'id\n1\n');
  for (let again = 0; again < 3; again += 1) await sync(table);
  const query = `{ tables(search: "${table.sqlName}") { edges { node { sqlName syncRuns(first: 2) { id state } } } } }`;
  const seen = await ask(server, { as: admin, query });
  expect(seen.data.tables.edges[0].node.syncRuns).toEqual(
    (await runs()).slice(0, 2).map(({ id, state }) => ({ id, state })),
  );
  const reader = await server.person('reader', ['core.viewer']);
  const refused = await ask(server, { as: reader, query });
  expect(refused.data.tables.edges[0].node).toEqual({ sqlName: table.sqlName, syncRuns: null });
  expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

/** Everything on disk of one table: names, bytes and when they were written. */
function onDisk(table: Table) {
  const folder = join(server.dataDir, 'extracts', source, 'data', table.name);
  return readdirSync(folder).map((name) => {
    const { mtimeMs, ino } = statSync(join(folder, name));
    return { name, mtimeMs, ino, bytes: readFileSync(join(folder, name)).toString('base64') };
  });
}

// In the predecessor a sync of some tables wiped the others from the extract.
test('a sync of some tables leaves the others as they are, byte for byte, and when they were synced', async () => {
  const [orders, payments] = [await register('orders'), await register('payments')];
  for (const name of ['orders', 'payments']) ledger.rows(name, 'id\n1\n');
  await sync(orders, payments);
  const { generations } = server.open.services;
  const before = { state: generations.state(payments.id), disk: onDisk(payments) };
  ledger.rows('orders', 'id\n1\n2\n');
  ledger.rows('payments', 'id\n7\n8\n9\n');
  await sync(orders);
  expect({ state: generations.state(payments.id), disk: onDisk(payments) }).toEqual(before);
  expect(generations.state(orders.id)?.rows).toBe(2);
});

// In the predecessor every rebuild bumped the time of the last sync of every table.
test('a table whose rows are the same is published without a new file, and the time of its last sync moves', async () => {
  const orders = await register('orders');
  ledger.rows('orders', 'id\n1\n');
  await sync(orders);
  const { generations } = server.open.services;
  const [before, generation] = [generations.state(orders.id)!, generations.current()];
  clock.letPass(60);
  await sync(orders);
  const after = generations.state(orders.id)!;
  expect(after).toEqual({ ...before, lastSyncAt: after.lastSyncAt });
  expect(after.lastSyncAt!.getTime()).toBeGreaterThanOrEqual(before.lastSyncAt!.getTime() + 60_000);
  expect(generations.current()).toBe(generation);
  expect(onDisk(orders)).toHaveLength(1);
});

/** One turn of the scheduler, and every run to its end. */
async function turn(): Promise<void> {
  await startDueSyncs(server.open.services);
  await server.open.syncRunner.idle();
}

test('a scheduled run that a stop of the server cut off is repeated once after the start', async () => {
  await register('orders', 'daily 07:00');
  const held = heldTable();
  ledger.script('orders', held.script);
  await startDueSyncs(server.open.services);
  await held.begun;
  server = await server.restart();
  ledger.rows('orders', 'id\n1\n');
  for (let again = 0; again < 2; again += 1) await turn();
  expect((await runs()).map(({ state, requestedBy }) => [state, requestedBy])).toEqual([
    ['SUCCEEDED', 'schedule'],
    ['FAILED', 'schedule'],
  ]);
});

test('what a kill cut off is synced once after the start when it has a schedule; what had ended is not', async () => {
  const schedule = 'daily 07:00';
  const tables = ['orders', 'payments'].map((name) => ({ name, schedule, options: {} }));
  const [orders, payments] = await server.run(registerTables, { source, tables });
  for (const name of ['orders', 'payments']) ledger.rows(name, 'id\n1\n');
  await turn();
  expect((await runs())[0].tables).toHaveLength(2);
  // What a kill leaves behind: a run that is on its way, and the turn that it took.
  await sync(orders!);
  const [cutOff] = await runs();
  const id = cutOff.id.replace('SyncRun:', '');
  await server.open.services.store.write(async ({ db }) => {
    await db.updateTable('sync_runs').set({ state: 'running', finished_at: null }).where('id', '=', id).execute();
  });
  server = await server.restart();
  for (let again = 0; again < 2; again += 1) await turn();
  const names = (await runs()).map(({ state, tables }) => [
    state,
    tables.map(({ table }: any) => table.name).toSorted(),
  ]);
  expect(names).toEqual([
    ['SUCCEEDED', [orders!.name]],
    ['FAILED', [orders!.name]],
    ['SUCCEEDED', [orders!.name, payments!.name]],
  ]);
});
