import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da, program } from './run-da.ts';

let server: TestServer;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  const { token } = await server.person('analyst', ['core.analyst']);
  env = { DA_SERVER: server.url, DA_TOKEN: token };
});
afterAll(() => server.close());

const awkward = `SELECT * FROM (VALUES
  (1, 9007199254740993::BIGINT, 0.10::DECIMAL(18,2), 'plain', true),
  (2, NULL, 123456789012345.67, 'a,b "c"' || chr(10) || 'd|e\\', false),
  (3, -1, NULL, '', NULL)) t(id, big, amount, note, flag)`;

function query(format: string, sql = awkward) {
  return da(['query', '--remote', sql, '--format', format], { env });
}

describe('what stands on stdout', () => {
  test('a table is aligned, numbers to the right, and is the default', async () => {
    const { code, stdout, stderr } = await query('table');
    expect(stdout).toBe(
      [
        'id               big              amount  note           flag',
        '──  ────────────────  ──────────────────  ─────────────  ─────',
        ' 1  9007199254740993                0.10  plain          true',
        ' 2              NULL  123456789012345.67  a,b "c"\\nd|e\\  false',
        ' 3                -1                NULL                 NULL',
        '',
      ].join('\n'),
    );
    expect([code, stderr]).toEqual([0, '']);
    expect((await da(['query', '--remote', awkward], { env })).stdout).toBe(stdout);
  });

  test('csv quotes as RFC 4180 says, and tells null from an empty text', async () => {
    expect((await query('csv')).stdout).toBe(
      [
        'id,big,amount,note,flag',
        '1,9007199254740993,0.10,plain,true',
        '2,,123456789012345.67,"a,b ""c""\nd|e\\",false',
        '3,-1,,"",',
        '',
      ].join('\r\n'),
    );
  });

  test('json is one document, and no digit is lost', async () => {
    const { stdout } = await query('json');
    expect(JSON.parse(stdout)).toEqual([
      { id: 1, big: '9007199254740993', amount: '0.10', note: 'plain', flag: true },
      { id: 2, big: null, amount: '123456789012345.67', note: 'a,b "c"\nd|e\\', flag: false },
      { id: 3, big: '-1', amount: null, note: '', flag: null },
    ]);
    expect((await da(['query', '--remote', awkward, '--json'], { env })).stdout).toBe(stdout);
  });

  test('ndjson is one object a line', async () => {
    const lines = (await query('ndjson')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1, 2, 3]);
  });

  test('markdown escapes what would break a row', async () => {
    expect((await query('markdown')).stdout.split('\n').slice(0, 4)).toEqual([
      '| id | big | amount | note | flag |',
      '| ---: | ---: | ---: | --- | --- |',
      '| 1 | 9007199254740993 | 0.10 | plain | true |',
      '| 2 | NULL | 123456789012345.67 | a,b "c"<br>d\\|e\\\\ | false |',
    ]);
  });

  test('no rows are a header, an empty list, or nothing', async () => {
    const none = 'SELECT 1 AS id WHERE false';
    expect((await query('csv', none)).stdout).toBe('id\r\n');
    expect((await query('json', none)).stdout).toBe('[]\n');
    expect((await query('ndjson', none)).stdout).toBe('');
  });

  test('values of columns that share a name are all there', async () => {
    const { stdout } = await query('json', 'SELECT 1 AS id, 2 AS id, 3 AS id_2');
    expect(Object.values((JSON.parse(stdout) as object[])[0]!)).toEqual([1, 2, 3]);
  });
});

describe('where the statement comes from', () => {
  test('stdin, when there is no argument', async () => {
    const { stdout } = await da(['query', '--remote', '--format', 'csv'], { env, stdin: 'SELECT 42 AS answer\n' });
    expect(stdout).toBe('answer\r\n42\r\n');
  });

  test('a file', async () => {
    const file = join(scratchFolder(), 'report.sql');
    writeFileSync(file, 'SELECT 42 AS answer');
    expect((await da(['query', '--remote', '--file', file, '--json'], { env })).stdout).toBe('[\n  {"answer":42}\n]\n');
    expect(await da(['query', '--remote', '--file', `${file}.none`], { env })).toMatchObject({ code: 2, stdout: '' });
  });

  test('not two places at once, and not nowhere', async () => {
    expect((await da(['query', '--remote', 'SELECT 1', '--file', 'x.sql'], { env })).code).toBe(2);
    expect(await da(['query', '--remote'], { env })).toMatchObject({
      code: 2,
      stderr: 'The statement is empty; write a SELECT.\n',
    });
  });
});

describe('limits and failures', () => {
  test('rows that were left out are told on stderr only', async () => {
    const { code, stdout, stderr } = await da(
      ['query', '--remote', 'SELECT range AS n FROM range(5)', '--limit', '2', '--format', 'csv'],
      { env },
    );
    expect([code, stdout]).toEqual([0, 'n\r\n0\r\n1\r\n']);
    expect(stderr).toBe('These are the first 2 rows and there are more; raise --limit or narrow the statement.\n');
  });

  test.each(['0', '-1', 'many', '1.5'])('a limit of %s is wrong usage', async (limit) => {
    expect(await da(['query', '--remote', 'SELECT 1', `--limit=${limit}`], { env })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });

  test('a limit beyond the server’s is wrong usage, in the server’s words', async () => {
    const { code, stderr } = await da(['query', '--remote', 'SELECT 1', '--limit', '10001'], { env });
    expect([code, stderr]).toEqual([2, 'limit: Give a limit from 1 to 10000.\n']);
  });

  test('a table that one may not read does not exist', async () => {
    await server.registerFile('customers', 'id,name\n1,Ada\n');
    const { code, stdout, stderr } = await da(['query', '--remote', 'SELECT * FROM shop.customers'], { env });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('customers');
  });

  test('who lacks the role is told which', async () => {
    const { token } = await server.person('nobody', []);
    const nobody = { ...env, DA_TOKEN: token };
    expect(await da(['query', '--remote', 'SELECT 1'], { env: nobody })).toEqual({
      code: 4,
      stdout: '',
      stderr: 'This needs the role core.viewer; ask an administrator of the server to grant it.\n',
    });
  });
});

test('a reader that goes away ends it quietly', async () => {
  const statement = "SELECT repeat('x', 1000) AS long FROM range(10000)";
  const line = `"${process.execPath}" "${program}" query --remote "${statement}" --limit 10000 | head -n 1; echo $PIPESTATUS`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], { env: { ...process.env, ...env } });
  expect(stdout).toBe(`long\n0\n`);
  expect(stderr).toBe('');
});
