import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { registerTable } from '../../src/registry/register-table.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { parquetRows, readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da, program } from './run-da.ts';

// Many starts of `da`, each of which is slow on a busy machine; nothing here asserts a time.
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  const orders = await server.registerFile('orders', 'id,name\n1,ada\n2,"bo,b"\n');
  // A UNION becomes a struct without field names in Parquet, which statements refuse to answer.
  const types = 'SELECT * EXCLUDE ("union", medium_enum, large_enum) FROM test_all_types()';
  await readRows(`COPY (${types}) TO '${join(server.files, 'types.parquet')}' (FORMAT parquet)`);
  const allTypes = await server.run(registerTable, {
    source: 'shop',
    name: 'types',
    options: { path: 'types.parquet' },
  });
  await server.registerFile('secrets', 'id\n7\n');
  await server.sync();
  const { id, token } = await server.person('analyst', ['core.analyst']);
  for (const tableId of [orders.id, allTypes.id]) await server.run(grantTableAccess, { tableId, userId: id });
  folder = join(server.dataDir, 'workspace');
  mkdirSync(folder);
  env = { DA_TOKEN: token, XDG_CONFIG_HOME: join(server.dataDir, 'config') };
  expect(await da(['init', server.url], { cwd: folder, env })).toMatchObject({ code: 0 });
  await writeOwn(
    'CREATE SCHEMA shop',
    'CREATE TABLE shop.mine AS SELECT 8 AS n',
    'CREATE TABLE notes AS SELECT 9 AS n',
  );
});

afterAll(() => server.close());

test('here and on the server every type that Parquet holds reads alike, extremes included, in every format', async () => {
  const computed = "-1::HUGEINT AS huge, INTERVAL '-3 days' AS span, '0101'::BIT AS bits, 'nan'::FLOAT AS none";
  const asked = [`SELECT *, ${computed} FROM shop.types`];
  for (const format of ['table', 'json', 'ndjson', 'csv', 'markdown']) {
    const [here, there] = await Promise.all([
      da(['query', ...asked, '--format', format], { cwd: folder, env: {} }),
      da(['query', '--remote', ...asked, '--format', format], { cwd: folder, env }),
    ]);
    expect(here, format).toMatchObject({ code: 0, stderr: '' });
    expect(here.stdout, format).toContain('9223372036854775807');
    expect(there, format).toEqual(here);
  }
});

function local(...words: string[]) {
  return da(['query', ...words], { cwd: folder, env: {} });
}

async function writeOwn(...statements: string[]): Promise<void> {
  mkdirSync(join(folder, 'work'), { recursive: true });
  const instance = await DuckDBInstance.create(join(folder, 'work/own.duckdb'));
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

test('a statement runs on the copies here without the server, from a folder below too, and reads files of the workspace', async () => {
  const below = join(folder, 'work');
  writeFileSync(join(below, 'mine.csv'), 'id,note\n1,"a ""b"""\n');
  const sql = "SELECT o.id, name, note FROM shop.orders o LEFT JOIN 'mine.csv' m ON m.id = o.id ORDER BY ALL";
  const env = { DA_SERVER: 'http://127.0.0.1:1' };
  expect(await da(['query', '--format', 'csv'], { cwd: below, env, stdin: `${sql};\n` })).toEqual({
    code: 0,
    stdout: 'id,name,note\r\n1,ada,"a ""b"""\r\n2,"bo,b",\r\n',
    stderr: '',
  });
});

test('own tables are there and go before synced ones of the same name', async () => {
  expect(
    (await local('SELECT (FROM shop.mine) AS a, (FROM notes) AS b, (SELECT count(*) FROM shop.orders) AS c', '--json'))
      .stdout,
  ).toBe('[\n  {"a":8,"b":9,"c":"2"}\n]\n');
  await writeOwn('CREATE TABLE shop.ORDERS AS SELECT 5 AS five');
  expect((await local('FROM shop.orders', '--json')).stdout).toBe('[\n  {"five":5}\n]\n');
  await writeOwn('DROP TABLE shop.orders');
});

test('rows that were cut are told on stderr only; digits are exact', async () => {
  const sql = 'SELECT range + 9007199254740993 AS n FROM range(5)';
  expect(await local('--sql', sql, '--limit', '2', '--format', 'ndjson')).toEqual({
    code: 0,
    stdout: '{"n":"9007199254740993"}\n{"n":"9007199254740994"}\n',
    stderr: 'These are the first 2 rows and there are more; raise --limit or narrow the statement.\n',
  });
  expect(await local('--sql', sql, '--limit', '5', '--format', 'ndjson')).toMatchObject({ stderr: '' });
});

test('every row goes to a file, whole or not at all', async () => {
  const target = join(scratchFolder(), 'out.parquet');
  expect(await local('SELECT range AS n, 0.1::DECIMAL(4,2) AS d FROM range(30000);', '--output', target)).toEqual({
    code: 0,
    stdout: '',
    stderr: `${target}: 30000 rows.\n`,
  });
  expect((await parquetRows(target)).at(-1)).toEqual({ n: '29999', d: '0.10' });
  const csv = join(scratchFolder(), 'out.csv');
  writeFileSync(csv, 'before');
  const failing = await local(
    "SELECT CAST(if(range < 5000, '1', 'x') AS INTEGER) AS n FROM range(9000)",
    '--output',
    csv,
  );
  expect([failing.code, failing.stderr]).toEqual([1, expect.stringContaining('Conversion Error')]);
  expect([readFileSync(csv, 'utf8'), readdirSync(join(csv, '..'))]).toEqual(['before', ['out.csv']]);
});

test('a table that is not here is told, with those that are, and nothing outside the workspace is read', async () => {
  const missing = await local('FROM shop.secrets');
  expect(missing).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'The table shop.secrets is not here. Here are notes, shop.mine, shop.orders, shop.types; `da sync` brings what is new, and --remote asks the server.\n',
  });
  const outside = await local("FROM read_text('/etc/hostname')");
  expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining('reads this workspace')]);
  expect(await local('DROP TABLE notes')).toMatchObject({ code: 1, stderr: 'Only a SELECT can run here.\n' });
});

test('Ctrl-C ends a statement and leaves no half file', async () => {
  const target = scratchFolder();
  const child = spawn(
    process.execPath,
    [program, 'query', "SELECT repeat('x', 100) AS x FROM range(100000000000)", '--output', join(target, 'out.csv')],
    { cwd: folder, env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: scratchFolder() } },
  );
  const closed = once(child, 'close');
  while (readdirSync(target).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  expect(await closed).toEqual([null, 'SIGINT']);
  expect(readdirSync(target)).toEqual([]);
});

test.each([
  [['SELECT 1', '--format', 'parquet'], /--output/],
  [['SELECT 1', '--output', 'x.json'], /parquet, csv or ndjson/],
  [['SELECT 1', '--output', 'x.csv', '--limit', '3'], /LIMIT/],
  [['SELECT 1', '--output', 'x.csv', '--remote'], /da export/],
])('da query %j is wrong usage', async (words, sentence) => {
  expect(await local(...words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
});

test('without a workspace, or before its first sync, one sentence says what to do', async () => {
  expect(await da(['query', 'SELECT 1'], { cwd: scratchFolder() })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'This folder is in no workspace; make one with `da init <server>`, or ask the server by --remote.\n',
  });
  const empty = scratchFolder();
  mkdirSync(join(empty, '.agnes'));
  writeFileSync(join(empty, '.agnes/workspace.json'), JSON.stringify({ server: server.url }));
  expect(await da(['query', 'SELECT 1'], { cwd: empty })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('da sync'),
  });
  writeFileSync(join(empty, 'agnes.duckdb'), 'x'.repeat(5000));
  expect(await da(['query', 'SELECT 1'], { cwd: empty })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('remove it'),
  });
  rmSync(empty, { recursive: true });
});
