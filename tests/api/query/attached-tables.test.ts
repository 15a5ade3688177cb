import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createSource } from '../../../src/registry/create-source.ts';
import { registerTable } from '../../../src/registry/register-table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { upsertTableStates } from '../../../src/sync/table-state.store.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { createMeta, writeExtractDirectory } from '../../kit/extract-directory.ts';
import { readRows } from '../../kit/parquet-rows.ts';
import { until } from '../../server/socket-client.ts';
import { ask, connectSocket, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-remote-')));
const [lake, extract] = [join(root, 'lake'), join(root, 'extract')];
const warehouse = join(lake, 'warehouse.duckdb');

/** Every extension that was asked for; it has none. */
const fetched: string[] = [];
const repository = createServer((request, response) => {
  fetched.push(request.url!);
  response.writeHead(404).end();
});

let server: TestServer;
let ada: TestPerson;
let bob: TestPerson;
let admin: TestPerson;

/** Writes a DuckDB file by these statements, and puts it in the place of `path` in one step. */
async function writeDatabase(path: string, statements: readonly string[]): Promise<void> {
  const made = `${path}.new`;
  const instance = await DuckDBInstance.create(made);
  const connection = await instance.connect();
  for (const statement of [...statements, 'CHECKPOINT']) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  renameSync(made, path);
}

const warehouseTables = [
  `CREATE TABLE orders AS SELECT * FROM (VALUES (1, 'ada', 10.50::DECIMAL(10,2)), (2, 'bob', 20.00)) AS t(id, customer, amount)`,
  `CREATE SCHEMA finance`,
  `CREATE TABLE finance.salaries AS SELECT 'SECRET-4711' AS person, 987654321 AS salary`,
  `CREATE VIEW peek AS SELECT * FROM finance.salaries`,
  `CREATE MACRO lower(x) AS (SELECT max(person) FROM finance.salaries)`,
];

/** A folder that an extractor wrote, one of whose tables is a file and the others are remote. */
async function writeExtract(path: string): Promise<void> {
  await writeExtractDirectory(
    extract,
    [
      `CREATE TABLE _remote_attach (alias VARCHAR, extension VARCHAR, url VARCHAR, token_env VARCHAR)`,
      `INSERT INTO _remote_attach VALUES ('wh', 'duckdb', '${path}', ''), ('own', 'duckdb', '${server.dataDir}/state/system.duckdb', ''),
       ('kbc', 'keboola', 'https://connection.example.com', 'JWT_SECRET_KEY'), ('stack', 'keboola', 'https://stack.example.com', 'STACK_TOKEN'), ('evil', 'httpfs', 'https://evil.example.com', '')`,
      `ATTACH ':memory:' AS wh`,
      `CREATE TABLE wh.orders (id INTEGER)`,
      `CREATE TABLE wh.peek (id INTEGER)`,
      `CREATE SCHEMA wh.finance`,
      `CREATE TABLE wh.finance.salaries (id INTEGER)`,
      ...['own', 'kbc', 'evil', 'stack'].flatMap((alias) => [
        `ATTACH ':memory:' AS ${alias}`,
        `CREATE TABLE ${alias}.users (id INTEGER)`,
      ]),
      `CREATE VIEW orders AS SELECT * FROM wh.orders`,
      `CREATE VIEW peek AS SELECT * FROM wh.main.peek`,
      `CREATE VIEW salaries AS SELECT * FROM wh.finance.salaries`,
      `CREATE VIEW own_users AS SELECT * FROM own.users`,
      `CREATE VIEW kbc_users AS SELECT * FROM kbc.users`,
      `CREATE VIEW evil_users AS SELECT * FROM evil.users`,
      `CREATE VIEW stack_users AS SELECT * FROM stack.users`,
      `COPY (SELECT 1 AS id, 'paid' AS state) TO '$data/states.parquet' (FORMAT parquet)`,
      `CREATE VIEW states AS SELECT * FROM read_parquet('$data/states.parquet')`,
      `INSERT INTO _meta VALUES ('states', NULL, 1, 1, now(), 'local'),
       ${['orders', 'peek', 'salaries', 'own_users', 'kbc_users', 'evil_users', 'stack_users'].map((name) => `('${name}', NULL, 0, 0, now(), 'remote')`).join(', ')}`,
    ],
    createMeta,
  );
}

const tableIds: Record<string, string> = {};

beforeAll(async () => {
  mkdirSync(lake);
  await once(repository.listen(0, '127.0.0.1'), 'listening');
  server = await startTestServer({
    environment: {
      FILES_ALLOWED_ROOTS: extract,
      REMOTE_ATTACH_ROOTS: lake,
      REMOTE_ATTACH_TOKENS: 'STACK_TOKEN@stack.example.com',
      STACK_TOKEN: 'a-token-4711-of-the-stack',
      DUCKDB_EXTENSION_REPOSITORY: `http://127.0.0.1:${(repository.address() as AddressInfo).port}`,
      JWT_SECRET_KEY: 'a-secret-of-the-server-itself',
    },
  });
  await writeDatabase(warehouse, warehouseTables);
  await writeExtract(warehouse);
  ada = await server.person('ada', ['core.analyst']);
  bob = await server.person('bob', ['core.analyst']);
  admin = await server.person('admin', ['core.admin']);
  await server.run(createSource, { name: 'old', connector: 'extract', config: { folder: extract } });
  for (const name of ['orders', 'peek', 'salaries', 'own_users', 'kbc_users', 'evil_users', 'stack_users', 'states']) {
    const table = await server.run(registerTable, { source: 'old', name, options: { table: name } });
    tableIds[name] = table.id;
  }
  for (const name of ['orders', 'states']) {
    await server.run(grantTableAccess, { userId: ada.id, tableId: tableIds[name]! });
  }
  await sync();
});

afterAll(async () => {
  await server.close();
  repository.close();
  rmSync(root, { recursive: true, force: true });
});

async function sync(...names: string[]): Promise<void> {
  const tables = names.length > 0 ? names.map((name) => tableIds[name]!) : undefined;
  await server.run(startSync, { source: 'old', tables });
  await server.open.syncRunner.idle();
}

async function sql(person: TestPerson, statement: string) {
  const query = 'query ($statement: String!) { sql(statement: $statement, limit: 10) { columns { name type } rows } }';
  const { data, errors } = await ask(server, { as: { token: person.token }, query, variables: { statement } });
  return { result: data?.sql, code: errors?.[0]?.extensions['code'], message: errors?.[0]?.message };
}

async function tableSeen(person: TestPerson, sqlName: string) {
  const query = `{ table(sqlName: "${sqlName}") { queryMode columns { name type } files { sha256 } syncState { status rows sizeBytes error } } }`;
  return (await ask(server, { as: { token: person.token }, query })).data.table;
}

/** What this person is told of tables from now on. */
function follow({ token }: TestPerson): unknown[] {
  const heard: unknown[] = [];
  const client = connectSocket(server, { token });
  onTestFinished(() => void client.dispose());
  const query = `subscription { syncEvents { __typename
    ... on SyncTableFailed { message table { sqlName } } ... on SyncTablePublished { table { sqlName } } } }`;
  const next = ({ data }: any) => data.syncEvents.__typename.startsWith('SyncTable') && heard.push(data.syncEvents);
  client.subscribe<any>({ query }, { next, error: () => {}, complete: () => {} });
  return heard;
}

/** Waits until the run that a statement has given a reason for has ended. */
async function untilStatus(sqlName: string, status: string): Promise<{ error: string | null }> {
  for (;;) {
    await server.open.syncRunner.idle();
    const { syncState } = await tableSeen(admin, sqlName);
    if (syncState.status === status) return syncState;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const orderColumns = [
  { name: 'id', type: 'INTEGER' },
  { name: 'customer', type: 'VARCHAR' },
  { name: 'amount', type: 'DECIMAL(10,2)' },
];

test('a table that its extract calls remote has columns, and neither files nor a count of rows', async () => {
  expect(await tableSeen(admin, 'old.orders')).toEqual({
    queryMode: 'REMOTE',
    columns: orderColumns,
    files: [],
    syncState: { status: 'OK', rows: null, sizeBytes: null, error: null },
  });
  expect(await tableSeen(admin, 'old.states')).toMatchObject({ queryMode: 'LOCAL', syncState: { rows: '1' } });
});

test('statements read it beside local tables, and only those of whoever may', async () => {
  const statement = 'SELECT o.id, o.amount, s.state FROM old.orders o LEFT JOIN old.states s USING (id) ORDER BY id';
  expect((await sql(ada, statement)).result.rows).toEqual([
    [1, '10.50', 'paid'],
    [2, '20.00', null],
  ]);
  const refused = { result: null, code: 'STATEMENT_REFUSED' };
  expect(await sql(bob, statement)).toMatchObject(refused);
  expect(await sql(ada, 'SELECT * FROM old.orders, old.salaries')).toMatchObject(refused);
  expect((await sql(admin, 'SELECT person FROM old.salaries')).result.rows).toEqual([['SECRET-4711']]);
});

test('an export of it holds what statements read', async () => {
  const query = `mutation { exportSql(input: { statement: "SELECT * FROM old.orders ORDER BY id", format: CSV }) {
    __typename ... on ExportSqlPayload { export { id } } ... on Error { message } } }`;
  const { data } = await ask(server, { as: { token: ada.token }, query });
  expect(data.exportSql).toMatchObject({ __typename: 'ExportSqlPayload' });
  await server.open.exportRunner.idle();
  const found = await ask(server, {
    as: { token: ada.token },
    query: `{ export(id: "${data.exportSql.export.id}") { state rows error } }`,
  });
  expect(found.data.export).toEqual({ state: 'SUCCEEDED', rows: '2', error: null });
});

test('what may not be attached fails its own table in a sentence, and no other', async () => {
  const errors: Record<string, string> = {};
  for (const name of ['peek', 'own_users', 'kbc_users', 'evil_users', 'stack_users']) {
    const { syncState, files, columns } = await tableSeen(admin, `old.${name}`);
    expect([syncState.status, files, columns]).toEqual(['FAILED', [], []]);
    errors[name] = syncState.error;
  }
  expect(errors).toEqual({
    peek: 'The remote system has no table main.peek; extract again.',
    own_users: 'The file of the remote system is not below a folder that REMOTE_ATTACH_ROOTS allows.',
    kbc_users:
      'The variable JWT_SECRET_KEY may not go to connection.example.com; add JWT_SECRET_KEY@connection.example.com to REMOTE_ATTACH_TOKENS to allow it.',
    evil_users: 'Systems of the type "httpfs" cannot be attached.',
    stack_users: 'The extension keboola is not installed and cannot be fetched; see DUCKDB_EXTENSION_REPOSITORY.',
  });
});

test('the extract of the source lists it as the contract of extracts has it', async () => {
  const path = join(server.dataDir, 'extracts/old/extract.duckdb');
  expect(await readRows('SELECT table_name, rows, size_bytes, query_mode FROM _meta ORDER BY 1', path)).toMatchObject([
    { table_name: 'orders', rows: null, size_bytes: null, query_mode: 'remote' },
    { table_name: 'salaries', query_mode: 'remote' },
    { table_name: 'states', rows: '1', query_mode: 'local' },
  ]);
  expect(await readRows('SELECT * FROM _remote_attach', path)).toEqual([
    { alias: 'remote_1', extension: 'duckdb', url: warehouse, token_env: '' },
  ]);
  expect(await readRows("SELECT sql FROM duckdb_views() WHERE view_name = 'salaries'", path)).toEqual([
    { sql: expect.stringContaining('remote_1.finance.salaries') },
  ]);
});

test('a file that is replaced is read at once; its new columns are known after the next sync', async () => {
  await writeDatabase(warehouse, [...warehouseTables, 'ALTER TABLE orders ADD COLUMN vip BOOLEAN DEFAULT true']);
  expect((await sql(ada, 'SELECT vip FROM old.orders')).result.rows).toEqual([[true], [true]]);
  await sync('orders');
  expect((await tableSeen(admin, 'old.orders')).columns).toEqual([...orderColumns, { name: 'vip', type: 'BOOLEAN' }]);
});

test('a system that is gone fails its tables and nothing else, by itself, which followers hear, and is well again by itself', async () => {
  const heard = follow(ada);
  rmSync(warehouse);
  const { code, message } = await sql(ada, 'SELECT * FROM old.orders');
  expect([code, message]).toEqual([
    'REMOTE_UNAVAILABLE',
    'The table old.orders cannot be read at its source now; try again later, or ask an administrator to sync it.',
  ]);
  const { error } = await untilStatus('old.orders', 'FAILED');
  expect(error).toBe('The file of the remote system is not there, or cannot be reached.');
  expect((await sql(ada, 'SELECT state FROM old.states')).result.rows).toEqual([['paid']]);
  await writeDatabase(warehouse, warehouseTables);
  expect((await sql(ada, 'SELECT id FROM old.orders')).result.rows).toEqual([[1], [2]]);
  await sync('orders');
  expect((await tableSeen(admin, 'old.orders')).syncState).toMatchObject({ status: 'OK', error: null });
  const table = { sqlName: 'old.orders' };
  await until(() => heard.length === 2);
  expect(heard).toEqual([
    { __typename: 'SyncTableFailed', message: error, table },
    { __typename: 'SyncTablePublished', table },
  ]);
});

test('a start looks after tables whose extension is not there, and a statement fetches none', async () => {
  // As another version of DuckDB leaves it: the table was well, and its extension is not there for this version.
  const { id } = server.open.services.registry.tableBySqlName('old.stack_users')!;
  const remote = {
    type: 'keboola',
    url: 'https://stack.example.com',
    tokenEnv: 'STACK_TOKEN',
    schema: 'main',
    table: 'users',
  };
  const columns = [{ name: 'id', type: 'INTEGER' }];
  const state = { ...server.open.services.generations.state(id)!, status: 'ok' as const, error: null, columns, remote };
  await server.open.services.store.write((tx) => upsertTableStates(tx, [state]));
  fetched.length = 0;
  server = await server.restart();
  await server.open.syncRunner.idle();
  expect(fetched).toEqual([expect.stringMatching(/\/keboola\.duckdb_extension\.gz$/)]);
  expect((await tableSeen(admin, 'old.stack_users')).syncState).toMatchObject({
    status: 'FAILED',
    error: 'The extension keboola is not installed and cannot be fetched; see DUCKDB_EXTENSION_REPOSITORY.',
  });
  for (let count = 0; count < 2; count += 1) {
    expect((await sql(admin, 'SELECT * FROM old.stack_users')).code).toBe('REMOTE_UNAVAILABLE');
  }
  expect((await sql(ada, 'SELECT id, state FROM old.orders JOIN old.states USING (id)')).result.rows).toEqual([
    [1, 'paid'],
  ]);
  expect(fetched).toHaveLength(1);
  const kept = readdirSync(server.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = kept.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join();
  expect(written).toContain('STACK_TOKEN');
  expect(written).not.toContain('a-token-4711');
});

test('it is local once its extract says so', async () => {
  rmSync(join(extract, 'extract.duckdb'));
  await writeExtractDirectory(extract, [
    `CREATE TABLE orders AS SELECT 7 AS id`,
    `INSERT INTO _meta VALUES ('orders', NULL, 1, 1, now(), 'local')`,
  ]);
  await sync('orders');
  expect(await tableSeen(admin, 'old.orders')).toMatchObject({ queryMode: 'LOCAL', syncState: { rows: '1' } });
  expect((await sql(ada, 'SELECT id FROM old.orders')).result.rows).toEqual([[7]]);
});
