import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSource } from '../../src/registry/create-source.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { statementConnector } from '../kit/statement-connector.ts';
import { da } from './run-da.ts';

const far = statementConnector();
let server: TestServer;
let env: Record<string, string>;
let viewerEnv: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer({ connectors: [far.connector] });
  const file = join(server.files, 'far.duckdb');
  const connection = await (await DuckDBInstance.create(file)).connect();
  await connection.run(`CREATE TABLE visits AS SELECT i AS id, 'a=' || i AS page FROM range(3) r(i); CHECKPOINT`);
  connection.closeSync();
  await server.run(createSource, { name: 'far', connector: 'far_duckdb', config: { file } });
  const person = await server.person('spender', ['query.remote_spender']);
  const viewer = await server.person('viewer', ['core.viewer']);
  env = { DA_SERVER: server.url, DA_TOKEN: person.token };
  viewerEnv = { DA_SERVER: server.url, DA_TOKEN: viewer.token };
});
afterAll(() => server.close());

const first = "v=SELECT id, page FROM visits WHERE page = 'a=1'";

test('register-all --at-source registers all that the source offers as tables that are read there', async () => {
  const admin = await server.person('admin', ['core.admin']);
  const adminEnv = { DA_SERVER: server.url, DA_TOKEN: admin.token };
  const answer = await da(['admin', 'table', 'register-all', 'far', '--at-source', '--public'], { env: adminEnv });
  expect(answer.stderr).toBe('Registered far.visits; `da sync start far` brings their columns.\n');
  await server.run(startSync, { source: 'far' });
  await server.open.syncRunner.idle();
  const runsBefore = far.calls.filter(({ kind }) => kind === 'run').length;
  const read = await da(['query', 'SELECT count(*) AS n FROM far.visits', '--remote', '--format', 'csv'], {
    env: viewerEnv,
  });
  expect(read).toMatchObject({ code: 0, stdout: 'n\r\n3\r\n' });
  expect(far.calls.filter(({ kind }) => kind === 'run').length).toBe(runsBefore + 1);
});

describe('da query with remotes', () => {
  test('splits --register-bq at its first =, tells on stderr what each took, and prints rows on stdout', async () => {
    const args = ['query', '--sql', 'SELECT * FROM v JOIN w USING (id)', '--register-bq', first];
    const answer = await da(
      [...args, '--register-bq', 'w=SELECT id FROM visits', '--source', 'far', '--format', 'csv'],
      { env },
    );
    expect(answer).toMatchObject({ code: 0, stdout: 'id,page\r\n1,a=1\r\n' });
    expect(answer.stderr.trimEnd().split('\n')).toEqual([
      'Reading v, w …',
      'v: 1 rows from far, 1000 bytes billed',
      'w: 3 rows from far, 1000 bytes billed',
    ]);
  });

  test('takes one JSON object from stdin, as the predecessor did', async () => {
    const input = {
      sql: 'SELECT id FROM v ORDER BY 1',
      register_bq: { v: 'SELECT id FROM visits' },
      limit: 2,
      format: 'csv',
    };
    const answer = await da(['query', '--stdin'], { env, stdin: JSON.stringify(input) });
    expect(answer).toMatchObject({ code: 0, stdout: 'id\r\n0\r\n1\r\n' });
    expect(answer.stderr).toContain('These are the first 2 rows and there are more');
    const plain = await da(['query', '--remote', '--stdin', '--json'], { env, stdin: '{"sql": "SELECT 1 AS one"}' });
    expect(plain).toMatchObject({ code: 0, stdout: expect.stringContaining('"one"'), stderr: '' });
  });

  test('ends with 2 for wrong usage, before the server is asked', async () => {
    const cases: [string[], string, RegExp][] = [
      [['SELECT 1', '--sql', 'SELECT 1', '--remote'], '', /^Give the statement once/],
      [['--sql', 'SELECT 1', '--stdin'], '{"sql": "SELECT 1"}', /^Give the statement once/],
      [['--stdin'], 'SELECT 1', /is no JSON object/],
      [['--stdin'], '[]', /is no JSON object/],
      [['--stdin'], '{"register_bq": {}}', /needs "sql"/],
      [['--stdin'], '{"sql": "SELECT 1", "register": {}}', /has no key "register"/],
      [['--stdin'], '{"sql": "SELECT 1", "register_bq": {"a": 1}}', /is an object of aliases/],
      [['FROM v', '--register-bq', 'SELECT 1'], '', /alias=SQL/],
    ];
    far.calls.length = 0;
    const answers = await Promise.all(cases.map(([args, input]) => da(['query', ...args], { env, stdin: input })));
    expect(answers.map(({ code }) => code)).toEqual(cases.map(() => 2));
    for (const [index, [, , message]] of cases.entries()) expect(answers[index]!.stderr).toMatch(message);
    expect(far.calls).toEqual([]);
  });

  test('ends with 4 without the role, with 2 for a cap that is too low, and with 1 when a source refuses', async () => {
    const args = ['query', 'FROM v', '--register-bq'];
    const [refused, capped, failed] = await Promise.all([
      da([...args, first], { env: viewerEnv }),
      da([...args, first, '--max-bytes-billed', '10'], { env }),
      da([...args, 'v=SELECT * FROM nowhere'], { env }),
    ]);
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('query.remote_spender') });
    expect(capped).toMatchObject({ code: 2, stderr: expect.stringContaining('would read 1000 bytes') });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('v: The source says:') });
  });
});
