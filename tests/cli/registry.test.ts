import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

let server: TestServer;
let env: Record<string, string>;
let folder: string;

beforeAll(async () => {
  server = await startTestServer();
  const { token } = await server.person('admin', ['core.admin']);
  env = { DA_SERVER: server.url, DA_TOKEN: token };
  folder = join(server.files, 'crm');
  mkdirSync(folder);
  for (const file of ['a.csv', 'b.csv']) writeFileSync(join(folder, file), 'id\n1\n');
});
afterAll(() => server.close());

const admin = (...words: string[]) => da(['admin', ...words], { env });

test('a source is made, shown, asked, read, changed and removed', async () => {
  const config = JSON.stringify({ folder });
  expect(await admin('source', 'create', 'crm', '--connector', 'files', '--config', config)).toEqual({
    code: 0,
    stdout: '',
    stderr: 'The source crm is there; `da admin table discover crm` shows what it offers.\n',
  });
  expect(JSON.parse((await admin('source', 'list', '--json')).stdout)).toMatchObject([{ name: 'crm', tables: 0 }]);
  const piped = await da(
    ['admin', 'table', 'register', 'crm', 'first', '--options', '@-', '--alias', 'one', '--json'],
    {
      env,
      stdin: '{ "path": "a.csv" }',
    },
  );
  expect(JSON.parse(piped.stdout)).toMatchObject({ sqlName: 'crm.first', alias: 'one', isPublic: false });
  expect(JSON.parse((await admin('table', 'discover', 'crm', '--json')).stdout)).toMatchObject([
    { name: 'first', registered_as: 'crm.first' },
    { name: 'b', registered_as: null },
  ]);
  expect((await admin('table', 'register-all', 'crm')).stderr).toBe(
    'Registered crm.b; `da sync start crm` brings the rows.\n',
  );
  expect((await admin('table', 'register-all', 'crm')).stderr).toBe('All that crm offers is registered already.\n');
  expect((await admin('source', 'show', 'crm')).stdout).toMatch(
    /^crm \(files, .*\)\nconfig: .*\ntable: {2}crm\.b\ntable: {2}crm\.first\n$/,
  );

  const changed = await admin(
    'table',
    'update',
    'crm.first',
    '--sql-name',
    'crm.a',
    '--clear',
    'alias',
    '--public',
    '--json',
  );
  expect(JSON.parse(changed.stdout)).toMatchObject({
    sqlName: 'crm.a',
    alias: null,
    isPublic: true,
    optionsChanged: false,
  });
  const listed = JSON.parse((await admin('table', 'list', '--source', 'crm', '--json')).stdout) as {
    sql_name: string;
  }[];
  expect(listed.map((row) => row.sql_name)).toEqual(['crm.a', 'crm.b']);

  expect((await admin('source', 'update', 'crm', '--config', JSON.stringify({ folder: server.files }))).code).toBe(0);
  expect(await admin('table', 'unregister', 'crm.a')).toMatchObject({
    code: 0,
    stderr: 'crm.a is gone: 1 table, 0 grants and 0 files (0 bytes).\n',
  });
  expect(await admin('source', 'delete', 'crm')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'The source crm has tables: crm.b. With --remove-tables it goes along with 1 table, 0 grants and 0 files (0 bytes).\n',
  });
  const deleted = await admin('source', 'delete', 'crm', '--remove-tables', '--json');
  expect(JSON.parse(deleted.stdout)).toMatchObject({ name: 'crm', removed: { tables: 1 } });
});

test.each([
  [['source', 'show', 'none'], 1, 'There is no source called none;'],
  [['table', 'discover', 'none'], 1, 'There is no source called none;'],
  [['table', 'update', 'no.table', '--public'], 1, 'There is no table no.table;'],
  [['table', 'update', 'no.table', '--public', '--private'], 2, "'--p"],
  [['source', 'create', 'x', '--connector', 'files', '--config', '{'], 2, '--config is not JSON'],
  [['source', 'create', 'x', '--connector', 'files', '--config', '[]'], 2, '--config takes a JSON object'],
  [
    ['source', 'create', 'x', '--connector', 'files', '--config', '@/none'],
    2,
    '--config names a file that cannot be read',
  ],
  [['source', 'create', 'x', '--connector', 'none', '--config', '{}'], 2, 'There is no connector "none"'],
])('what cannot be is one sentence: %j', async (words, code, sentence) => {
  const ended = await admin(...words);
  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) });
});

test('who is no administrator is told the missing role', async () => {
  const { token } = await server.person('analyst', ['core.analyst']);
  const ended = await da(['admin', 'source', 'list'], { env: { ...env, DA_TOKEN: token } });
  expect(ended).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('core.admin') });
});
