import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSync } from '../../src/sync/start-sync.ts';
import { listSyncRuns, readSyncRunTables } from '../../src/sync/read-sync-runs.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import type { Table } from '../../src/registry/table.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { readRows } from '../kit/parquet-rows.ts';

let server: TestServer;
let admin: TestPerson;
let tables: Record<string, Table>;

const good = { orders: 'id,amount\n1,10\n2,20\n', payments: 'id,paid\n1,true\n', returns: 'id,reason\n7,late\n' };

beforeEach(async () => {
  server = await startTestServer();
  admin = await server.person('ada', ['core.admin']);
  tables = {};
  for (const [name, content] of Object.entries(good)) tables[name] = await server.registerFile(name, content);
  await server.sync();
});

afterEach(() => server.close());

function write(name: keyof typeof good, content: string): void {
  writeFileSync(join(server.files, `${name}.csv`), content);
}

async function syncOnly(...names: (keyof typeof good)[]): Promise<void> {
  await server.run(startSync, { source: 'shop', tables: names.map((name) => tables[name]!.id) });
  await server.open.syncRunner.idle();
}

async function rowsOf(statement: string): Promise<unknown[][]> {
  const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
  const answer = await ask(server, { as: admin, query, variables: { statement } });
  expect(answer.errors).toBeUndefined();
  return answer.data.sql.rows;
}

/** The newest run: its state, and the error of each table by name. */
async function newestRun() {
  const { services } = server.open;
  const [run] = await listSyncRuns(services, { limit: 1 });
  const [entries] = await readSyncRunTables(services, [run!.id]);
  const errors = Object.fromEntries(
    entries!.map((entry) => [services.registry.table(entry.tableId)!.name, entry.error ?? entry.state]),
  );
  return { state: run!.state, error: run!.error, tables: errors };
}

/** What the API tells of each table. */
async function states() {
  const query = '{ tables { edges { node { name syncState { status rows error } } } } }';
  const { data } = await ask(server, { as: admin, query });
  return Object.fromEntries(data.tables.edges.map(({ node }: any) => [node.name, node.syncState]));
}

test('a bad row fails its own table with file and line, which keeps its old rows; the others are published', async () => {
  write('orders', 'id,amount\n1,10\n2,20,surplus\n');
  write('payments', 'id,paid\n1,true\n2,false\n');
  await server.sync();
  const run = await newestRun();
  expect(run).toMatchObject({ state: 'partial', error: null, tables: { payments: 'succeeded', returns: 'succeeded' } });
  expect(run.tables['orders']).toMatch(/^orders\.csv, line 3: /);
  expect(await states()).toMatchObject({
    orders: { status: 'FAILED', rows: '2', error: run.tables['orders'] },
    payments: { status: 'OK', rows: '2', error: null },
  });
  expect(await rowsOf('SELECT count(*), sum(amount) FROM shop.orders')).toEqual([['2', expect.anything()]]);
  expect(await rowsOf('SELECT count(*) FROM shop.payments')).toEqual([['2']]);
});

test('when every table fails the run has failed and the last good generation stays, also after a restart', async () => {
  const generation = server.open.services.generations.current();
  for (const name of ['orders', 'payments', 'returns'] as const) write(name, 'id,amount\n1\n2,2,2\n');
  await server.sync();
  expect(await newestRun()).toMatchObject({ state: 'failed', tables: { orders: expect.stringMatching(/line 2/) } });
  expect(server.open.services.generations.current()).toBe(generation);
  server = await server.restart();
  expect(server.open.services.generations.current()).toBe(generation);
  expect(await rowsOf('SELECT id, reason FROM shop.returns')).toEqual([['7', 'late']]);
});

test('a file that vanished fails its table alone; once it is back the table recovers', async () => {
  rmSync(join(server.files, 'orders.csv'));
  await server.sync();
  expect(await newestRun()).toMatchObject({
    state: 'partial',
    tables: { orders: 'The file orders.csv does not exist; deliver it, or correct the path of the table.' },
  });
  expect(await rowsOf('SELECT count(*) FROM shop.orders')).toEqual([['2']]);
  write('orders', 'id,amount\n1,10\n2,20\n3,30\n');
  await syncOnly('orders');
  expect(await newestRun()).toEqual({ state: 'succeeded', error: null, tables: { orders: 'succeeded' } });
  expect(await states()).toMatchObject({ orders: { status: 'OK', rows: '3', error: null } });
  expect(await rowsOf('SELECT count(*) FROM shop.orders')).toEqual([['3']]);
});

test('a pattern that no file fits any more fails its table with a sentence, which keeps its last good rows', async () => {
  const options = { path: 'pay*.csv' };
  tables['all'] = await server.run(registerTable, { source: 'shop', name: 'all', options });
  await server.sync();
  expect(await rowsOf('SELECT count(*) FROM shop."all"')).toEqual([['1']]);
  rmSync(join(server.files, 'payments.csv'));
  await server.sync();
  const { tables: outcome } = await newestRun();
  expect(outcome['all']).toBe('No file fits pay*.csv; deliver one, or correct the path of the table.');
  expect(await rowsOf('SELECT count(*) FROM shop."all"')).toEqual([['1']]);
});

test('extract.duckdb lists every table in six columns after a run of one, and its views work in plain DuckDB', async () => {
  write('orders', 'id,amount\n1,10\n2,20\n3,30\n');
  await syncOnly('orders');
  const path = join(server.dataDir, 'extracts/shop/extract.duckdb');
  expect(await readRows("SELECT name, type FROM pragma_table_info('_meta')", path)).toEqual([
    { name: 'table_name', type: 'VARCHAR' },
    { name: 'description', type: 'VARCHAR' },
    { name: 'rows', type: 'BIGINT' },
    { name: 'size_bytes', type: 'BIGINT' },
    { name: 'extracted_at', type: 'TIMESTAMP' },
    { name: 'query_mode', type: 'VARCHAR' },
  ]);
  expect(await readRows('SELECT table_name, rows, query_mode FROM _meta ORDER BY 1', path)).toEqual([
    { table_name: 'orders', rows: '3', query_mode: 'local' },
    { table_name: 'payments', rows: '1', query_mode: 'local' },
    { table_name: 'returns', rows: '1', query_mode: 'local' },
  ]);
  for (const [name, rows] of Object.entries({ orders: '3', payments: '1', returns: '1' })) {
    expect(await readRows(`SELECT count(*) AS rows FROM ${name}`, path)).toEqual([{ rows }]);
  }
  expect(readdirSync(join(server.dataDir, 'extracts/shop/.staging'))).toEqual([]);
});

test('of two syncs of a source that are started at once one is queued and one is refused', async () => {
  const start = () => server.run(startSync, { source: 'shop' });
  const outcomes = await Promise.allSettled([start(), start()]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(refused?.reason).toMatchObject({ message: 'A run of shop is on its way; wait until it has ended.' });
  await server.open.syncRunner.idle();
  expect(await newestRun()).toMatchObject({ state: 'succeeded' });
});
