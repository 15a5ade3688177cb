import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

// Many starts of `da`, each of which is slow on a busy machine; nothing here asserts a time.
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  const orders = await server.registerFile('orders', 'id,name\n1,ada\n2,\n10,bob\n');
  await server.sync();
  const { id, token } = await server.person('analyst', ['core.analyst']);
  await server.run(grantTableAccess, { tableId: orders.id, userId: id });
  folder = join(server.dataDir, 'workspace');
  mkdirSync(folder);
  env = { DA_TOKEN: token, XDG_CONFIG_HOME: join(server.dataDir, 'config') };
  expect(await run('init', server.url)).toMatchObject({ code: 0 });
});

afterAll(() => server.close());

function run(...words: string[]) {
  return da(words, { cwd: folder, env });
}

async function faults(...words: string[]) {
  const { code, stdout } = await run('doctor', '--json', ...words);
  const { checks } = JSON.parse(stdout) as { checks: { check: string; ok: boolean; todo: string | null }[] };
  return { code, faults: checks.filter(({ ok }) => !ok) };
}

test('a whole workspace is well and in step, and each fault names what mends it', async () => {
  expect(await faults('--deep')).toEqual({ code: 0, faults: [] });
  expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({
    server: server.url,
    signedInAs: 'analyst@example.com',
    problem: null,
    workspace: folder,
    tables: 1,
    inStep: true,
  });

  const held = join(folder, 'data/shop/orders');
  const file = join(held, readdirSync(held)[0]!);
  mkdirSync(join(server.dataDir, 'config/agnes'), { recursive: true });
  writeFileSync(join(server.dataDir, 'config/agnes/config.json'), '{}');
  chmodSync(join(server.dataDir, 'config/agnes/config.json'), 0o644);
  rmSync(file);
  const broken = await faults('--deep');
  expect(broken.code).toBe(1);
  expect(broken.faults.map(({ check }) => check)).toEqual(['files', 'hashes', 'database', 'token file']);
  expect(broken.faults.map(({ todo }) => todo).join('\n')).toMatch(/da sync[^]*rm [^]*chmod 600/);
  expect(await run('explore', 'shop.orders')).toMatchObject({ code: 1, stderr: expect.stringContaining('da doctor') });
  rmSync(join(server.dataDir, 'config/agnes/config.json'));
  expect(await run('sync')).toMatchObject({ code: 0 });
  expect(await faults()).toEqual({ code: 0, faults: [] });
});

test('a server that does not answer, or does not know us, is a fault', async () => {
  const silent = await da(['status', '--json'], { cwd: folder, env: { ...env, DA_SERVER: 'http://127.0.0.1:1' } });
  expect([silent.code, JSON.parse(silent.stdout)]).toEqual([
    1,
    expect.objectContaining({ signedInAs: null, problem: expect.stringContaining('cannot be reached'), inStep: null }),
  ]);
  const unknown = await da(['doctor'], { cwd: folder, env: { ...env, DA_TOKEN: 'wrong' } });
  expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringMatching(/^FAIL {2}signed in: .*da auth login/m)]);
});

test('explore tells the same of the copy here and of the server', async () => {
  const here = await run('explore', 'shop.orders', '--json');
  expect(JSON.parse(here.stdout)).toMatchObject({
    table: 'shop.orders',
    rows: '3',
    columns: [
      { name: 'id', type: 'BIGINT', nulls: '0', min: '1', max: '10' },
      { name: 'name', type: 'VARCHAR', nulls: '1', min: 'ada', max: 'bob' },
    ],
    sample: [
      ['1', 'ada'],
      ['2', null],
      ['10', 'bob'],
    ],
  });
  expect(await run('explore', 'shop.orders', '--json', '--remote')).toEqual(here);
  expect((await run('explore', 'shop.orders')).stdout).toMatch(
    /^shop.orders: 3 rows\n\ncolumn +type +nulls +min +max\n/,
  );
  expect(await run('explore', 'shop.none')).toMatchObject({ code: 1, stderr: expect.stringContaining('shop.orders') });
});

test('tables list --local names what is here', async () => {
  const { stdout } = await run('tables', 'list', '--local', '--json');
  expect(JSON.parse(stdout)).toMatchObject([{ sql_name: 'shop.orders', rows: '3' }]);
});
