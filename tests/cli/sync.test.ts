import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

const ragged = 'id,name\n1,Ada,extra\n';

let server: TestServer;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  const { token } = await server.person('admin', ['core.admin']);
  env = { DA_SERVER: server.url, DA_TOKEN: token };
  await server.registerFile('orders', 'id,amount\n1,10.50\n2,20.25\n');
  await server.registerFile('customers', 'id,name\n1,Ada\n');
});
afterAll(() => server.close());

describe('da sync start', () => {
  test('queues a run and answers with its id', async () => {
    const { code, stdout, stderr } = await da(['sync', 'start', 'shop'], { env });
    expect([code, stderr]).toEqual([0, 'A sync of shop is queued; this is the id of its run:\n']);
    expect(stdout).toMatch(/^SyncRun:[0-9a-f-]{36}\n$/);
    await server.open.syncRunner.idle();
  });

  test('--json is the queued run', async () => {
    const { stdout, stderr } = await da(['sync', 'start', 'shop', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'shop',
      id: expect.stringMatching(/^SyncRun:/),
      state: 'QUEUED',
    });
    expect(stderr).toBe('');
    await server.open.syncRunner.idle();
  });

  test('an unknown source or table fails', async () => {
    expect(await da(['sync', 'start', 'stop'], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no source called "stop".\n',
    });
    expect((await da(['sync', 'start', 'shop', '--table', 'shop.order'], { env })).stderr).toMatch(
      /^There is no table shop\.order;/,
    );
  });

  test('who lacks the role is told which, with and without --watch', async () => {
    const analyst = { ...env, DA_TOKEN: (await server.person('analyst', ['core.analyst'])).token };
    const nobody = { ...env, DA_TOKEN: (await server.person('nobody', [])).token };
    expect(await da(['sync', 'start', 'shop'], { env: analyst })).toMatchObject({ code: 4, stdout: '' });
    const { code, stderr } = await da(['sync', 'start', 'shop', '--watch'], { env: nobody });
    expect([code, stderr]).toEqual([4, expect.stringContaining('core.viewer')]);
  });
});

describe('da sync start --watch', () => {
  test('tells every event from the start on, and what became of each table', async () => {
    const { code, stdout, stderr } = await da(['sync', 'start', 'shop', '--watch'], { env });
    expect(
      stderr
        .replace(/generation \w+/, 'generation …')
        .trimEnd()
        .split('\n'),
    ).toEqual([
      'shop: started',
      expect.stringMatching(/^shop\.\w+: being extracted$/),
      expect.stringMatching(/^shop\.\w+: being extracted$/),
      expect.stringMatching(/^shop\.\w+: published with [12] rows$/),
      expect.stringMatching(/^shop\.\w+: published with [12] rows$/),
      'shop: generation … can be queried',
      'shop: succeeded',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shop\.orders +succeeded +2\b/m);
    expect(stdout).toMatch(/^shop\.customers +succeeded +1\b/m);
  });

  test('--json is the finished run and nothing else', async () => {
    const { stdout } = await da(['sync', 'start', 'shop', '--table', 'shop.orders', '--watch', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'shop',
      state: 'SUCCEEDED',
      tables: [{ table: { sqlName: 'shop.orders' }, state: 'SUCCEEDED', rows: '2' }],
    });
  });

  test('asks while the connection is lost, and still ends as the run does', async () => {
    const proxied = { ...env, DA_SERVER: await startCuttingProxy(server.url, { refuse: 'after a cut' }) };
    const { code, stdout, stderr } = await da(['sync', 'start', 'shop', '--watch'], { env: proxied });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^shop\.orders +succeeded +2\b/m);
  });

  test('comes again by itself when the server was away, and tells what happened meanwhile', async () => {
    const proxied = { ...env, DA_SERVER: await startCuttingProxy(server.url, { awaySeconds: 2.5 }) };
    const { code, stdout, stderr } = await da(['sync', 'start', 'shop', '--watch'], { env: proxied });
    const lines = stderr.trimEnd().split('\n');
    expect([code, lines.length, lines[0], lines.at(-1)]).toEqual([0, 7, 'shop: started', 'shop: succeeded']);
    expect(stdout).toMatch(/^shop\.orders +succeeded +2 +1 /m);
  });

  test('starts nothing when it cannot listen', async () => {
    const runs = () => server.open.services.store.db.selectFrom('sync_runs').select('id').execute();
    const before = await runs();
    const proxied = { ...env, DA_SERVER: await startCuttingProxy(server.url, { refuse: 'always' }) };
    expect(await da(['sync', 'start', 'shop', '--watch'], { env: proxied })).toMatchObject({ code: 1, stdout: '' });
    expect(await runs()).toEqual(before);
  });

  test('ends with 5 when some tables failed, and with 1 when all did', async () => {
    await server.registerFile('broken', ragged);
    const partial = await da(['sync', 'start', 'shop', '--watch'], { env });
    expect(partial.code).toBe(5);
    expect(partial.stderr).toMatch(/^shop\.broken: failed: .*broken\.csv/m);
    expect(partial.stderr).toMatch(/^shop: partial$/m);
    expect(partial.stdout).toMatch(/^shop\.broken +failed .*broken\.csv/m);
    const failed = await da(['sync', 'start', 'shop', '--table', 'shop.broken', '--watch'], { env });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^shop: failed$/m);
  });
});

describe('what became of runs', () => {
  test('da sync status shows of each table when it was synced and is due, and what went wrong', async () => {
    const { code, stdout } = await da(['sync', 'status', '--source', 'shop', '--json'], { env });
    expect(code).toBe(0);
    const tables = JSON.parse(stdout);
    expect(tables).toHaveLength(3);
    const instant = expect.stringMatching(/^\d{4}-.*Z$/);
    const never = { schedule: null, next_due: null };
    const synced = { status: 'ok', last_sync: instant, rows: '2', error: null };
    expect(tables).toContainEqual({ table: 'shop.orders', ...synced, ...never });
    const failed = { status: 'failed', last_sync: null, rows: null, error: expect.stringContaining('broken.csv') };
    expect(tables).toContainEqual({ table: 'shop.broken', ...failed, ...never });
  });

  test('da sync list shows the newest first, and da sync show one of them by its id', async () => {
    const { stdout } = await da(['sync', 'list', '--source', 'shop', '--limit', '2', '--json'], { env });
    const runs = JSON.parse(stdout);
    expect(runs).toMatchObject([
      { source: 'shop', state: 'failed', tables: '1', failed: '1' },
      { source: 'shop', state: 'partial', tables: '3', failed: '1' },
    ]);
    const shown = await da(['sync', 'show', runs[1].run], { env });
    expect(shown.stderr).toMatch(/^shop: partial, asked for by admin@example\.com at \d{4}-.*Z, took \d/);
    expect(shown.stdout).toMatch(/^shop\.broken +failed +1 .*broken\.csv/m);
    const json = await da(['sync', 'show', runs[1].run.replace('SyncRun:', ''), '--json'], { env });
    expect(JSON.parse(json.stdout)).toMatchObject({ id: runs[1].run, source: 'shop', state: 'PARTIAL' });
  });

  test('tasks go by --task; a source that has none of that name says so, and starts nothing', async () => {
    const { code, stderr } = await da(['sync', 'start', 'shop', '--task', 'slaPoll', '--task', 'x'], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('The source has no task "slaPoll"; it has none.')]);
  });

  test('da sync show tells tasks, what the connector tells, and the bytes that were billed', async () => {
    const { store } = server.open.services;
    const { id } = await store.db.selectFrom('sync_runs').select('id').limit(1).executeTakeFirstOrThrow();
    await store.write(async (tx) => {
      const report = JSON.stringify({ slaPoll: { open: 3, changed: 1 } });
      await tx.db.updateTable('sync_runs').set({ tasks: '["slaPoll"]', report }).where('id', '=', id).execute();
      await tx.db.updateTable('sync_run_tables').set({ bytes_billed: 10485760 }).where('run_id', '=', id).execute();
    });
    const { stdout, stderr } = await da(['sync', 'show', id], { env });
    expect(stderr).toContain('tasks: slaPoll\n');
    expect(stderr).toContain('slaPoll: {"open":3,"changed":1}\n');
    expect(stdout).toMatch(/bytes_billed/);
    expect(stdout).toMatch(/10485760/);
    const json = JSON.parse((await da(['sync', 'show', id, '--json'], { env })).stdout);
    expect(json).toMatchObject({ tasks: ['slaPoll'], report: { slaPoll: { open: 3 } } });
    expect(json.tables[0].bytesBilled).toBe('10485760');
  });

  test('what cannot be shown or cancelled is one sentence', async () => {
    const { stdout } = await da(['sync', 'list', '--limit', '1', '--json'], { env });
    const ended = JSON.parse(stdout)[0].run;
    expect(await da(['sync', 'cancel', ended], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The run has ended already: it failed.\n',
    });
    expect(await da(['sync', 'show', 'nothing'], { env })).toMatchObject({
      code: 1,
      stderr: 'There is no run SyncRun:nothing; `da sync list` shows the newest.\n',
    });
    const viewer = { ...env, DA_TOKEN: (await server.person('viewer', ['core.viewer'])).token };
    for (const words of [['list'], ['show', ended], ['cancel', ended]]) {
      expect(await da(['sync', ...words], { env: viewer })).toMatchObject({ code: 4, stdout: '' });
    }
  });
});

test('a server in development mode on this machine needs no token, to listen neither', async () => {
  const development = await startTestServer({
    environment: { LOCAL_DEV_MODE: '1', LOCAL_DEV_USER_EMAIL: 'dev@example.com' },
  });
  onTestFinished(() => development.close());
  await development.person('dev', ['core.admin']);
  await development.registerFile('orders', 'id\n1\n');
  const local = { DA_SERVER: development.url.replace('127.0.0.1', 'localhost') };
  expect((await da(['sync', 'start', 'shop', '--watch'], { env: local })).code).toBe(0);
  const { stdout } = await da(['tables', 'list', '--format', 'csv'], { env: local });
  expect(stdout.split('\r\n')[1]).toMatch(/^shop\.orders,shop,ok,1,\d{4}-.*Z,false,/);
});

interface Cuts {
  /** Which WebSockets it does not take. */
  readonly refuse?: 'always' | 'after a cut';
  /** How long it takes nothing at all after it passed a sync on. */
  readonly awaySeconds?: number;
}

/** Passes everything on to `target`; cuts every WebSocket when a sync is asked for. */
async function startCuttingProxy(target: string, { refuse, awaySeconds = 0 }: Cuts = {}): Promise<string> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let cut = false;
  let backAt = 0;
  const proxy = createServer((request, response) => void passOn(request, response));
  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const body = await buffer(request);
    if (performance.now() < backAt) return request.socket.destroy();
    if (body.includes('mutation StartSync')) {
      cut = true;
      backAt = performance.now() + awaySeconds * 1000;
      sockets.forEach((socket) => socket.destroy());
    }
    const headers = { ...request.headers, host: `${hostname}:${port}` };
    const onward = httpRequest({ hostname, port, path: request.url, method: request.method, headers });
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    return onward.end(body);
  }
  proxy.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    if (performance.now() < backAt) return socket.destroy();
    if (refuse === 'always' || (refuse && cut)) return socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    sockets.add(socket);
    const onward = connect(Number(port), hostname);
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    onward.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await new Promise((listening) => proxy.once('listening', listening));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
