import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

// Many starts of `da`, each of which is slow on a busy machine; nothing here asserts a time.
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  const { token } = await server.person('viewer', ['core.analyst']);
  env = { DA_SERVER: server.url, DA_TOKEN: token };
});
afterAll(() => server.close());

test('the file appears whole under its name, whose end says the format', async () => {
  const folder = scratchFolder();
  const output = join(folder, 'out.ndjson');
  writeFileSync(output, 'before');
  const ended = await da(['export', 'SELECT range AS n FROM range(30000)', '--output', output], { env });
  expect(ended).toEqual({ code: 0, stdout: '', stderr: `${output}: 30000 rows, 0.4 MB.\n` });
  const lines = readFileSync(output, 'utf8').split('\n');
  expect([lines.length, lines[0], lines[29_999]]).toEqual([30_001, '{"n":"0"}', '{"n":"29999"}']);
  expect(readdirSync(folder)).toEqual(['out.ndjson']);
});

test('--json is the export, and the statement may come by stdin', async () => {
  const output = join(scratchFolder(), 'data');
  const ended = await da(['export', '--format', 'parquet', '--output', output, '--json'], {
    env,
    stdin: 'SELECT 1 AS a',
  });
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  expect(JSON.parse(ended.stdout)).toMatchObject({ file: output, format: 'parquet', rows: '1' });
  expect(readFileSync(output).subarray(0, 4).toString()).toBe('PAR1');
});

test('what cannot be is one sentence and its exit code, and the file from before stays', async () => {
  const folder = scratchFolder();
  const output = join(folder, 'out.csv');
  writeFileSync(output, 'before');
  const run = (...words: string[]) => da(['export', ...words], { env });
  expect(await run('SELECT 1', '--output', join(folder, 'out.xlsx'))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^The name .* does not say what the file is to be; add --format/),
  });
  expect(await run('SELECT 1')).toMatchObject({ code: 2, stderr: expect.stringContaining('--output') });
  expect(await run('FROM nothing', '--output', output)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The table nothing does not exist'),
  });
  expect(await run("SELECT CAST('x' || range AS INTEGER) FROM range(3)", '--output', output)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Conversion Error/),
  });
  expect(await run('SELECT 1', '--output', join(folder, 'none/out.csv'))).toMatchObject({
    code: 1,
    stderr: `${join(folder, 'none/out.csv')} cannot be written (ENOENT).\n`,
  });
  expect((await da(['export', 'SELECT 1', '--output', output], { env: { ...env, DA_TOKEN: 'wrong' } })).code).toBe(3);
  const { token } = await server.person('nobody', []);
  expect((await da(['export', 'SELECT 1', '--output', output], { env: { ...env, DA_TOKEN: token } })).code).toBe(4);
  expect([readFileSync(output, 'utf8'), readdirSync(folder)]).toEqual(['before', ['out.csv']]);
});

test('a download that comes out shorter than promised changes nothing', async () => {
  // A server in between that answers GraphQL truly and cuts the file short.
  const between = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const answer = await fetch(`${server.url}${request.url}`, {
        method: request.method,
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        body: request.method === 'POST' ? Buffer.concat(chunks) : undefined,
      });
      const body = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(request.method === 'POST' ? body : body.subarray(1));
    })();
  });
  await once(between.listen(0, '127.0.0.1'), 'listening');
  const folder = scratchFolder();
  try {
    const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    const ended = await da(['export', 'SELECT 1 AS a', '--output', join(folder, 'out.csv')], {
      env: { ...env, DA_SERVER: url },
    });
    expect(ended).toMatchObject({ code: 1, stderr: `${url} sent another file than it promised; try again.\n` });
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    between.close();
    between.closeAllConnections();
  }
});
