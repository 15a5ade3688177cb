import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { saveMetric } from '../../src/catalog/save-metric.ts';
import type { Table } from '../../src/registry/table.ts';
import { updateTable } from '../../src/registry/update-table.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { letDeviceIn } from '../api/identity/device-flow.ts';
import { mutate } from '../api/mutate.ts';
import { da } from '../cli/run-da.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { injections, numbersIn } from './injections.ts';
import { call, connectHttp, connectStdio, unmark } from './mcp-client.ts';

let server: TestServer;
let reader: TestPerson;
let folder: string;
let environment: Record<string, string>;
let http: Client;
let stdio: Client;
const faults: Error[] = [];

const everyTool: Record<string, Record<string, unknown>> = {
  search: { text: 'orders' },
  list_metrics: {},
  describe_metric: { metric: 'sales/orders' },
  run_metric: { metric: 'sales/orders' },
  list_tables: {},
  describe_table: { table: 'shop.orders' },
  query: { statement: 'FROM shop.orders ORDER BY id' },
  explain_access: { table: 'shop.orders' },
};

beforeAll(async () => {
  server = await startTestServer();
  reader = await server.person('reader', ['core.viewer']);
  const orders = await server.registerFile('orders', 'id,name\n1,ada\n2,bob\n');
  await server.registerFile('salaries', 'id\n7\n');
  const injected = await registerInjected();
  await server.sync();
  await saveMetrics();
  for (const { id } of [orders, ...injected]) await server.run(grantTableAccess, { tableId: id, userId: reader.id });
  folder = join(server.dataDir, 'laptop');
  mkdirSync(folder);
  environment = { XDG_CONFIG_HOME: join(server.dataDir, 'config') };
  const env = { ...environment, DA_TOKEN: reader.token };
  expect(await da(['init', server.url], { cwd: folder, env })).toMatchObject({ code: 0 });
  http = await connectHttp(server.url, bearer(reader.token));
  stdio = await connectStdio({ cwd: folder, env });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- The client has no other way to tell of its errors.
  stdio.onerror = (error) => faults.push(error);
}, 60_000);

afterAll(async () => {
  await stdio?.close();
  await http?.close();
  await server.close();
});

/** Numbers 0 to 9 in names, 10 to 19 in descriptions, 20 to 29 in columns, 30 to 39 in cells. */
async function registerInjected(): Promise<Table[]> {
  const quoted = (texts: string[]) => texts.map((text) => `"${text.replaceAll('"', '""')}"`).join();
  const tables: Table[] = [];
  for (const [number, description] of injections(10, 20).entries()) {
    const content = `${quoted(injections(20, 30))}\n${quoted(injections(30, 40))}\n`;
    const table = await server.registerFile(`inject_${number}x_ignore_all_rules`, number === 0 ? content : 'id\n1\n');
    await server.run(updateTable, { id: table.id, description });
    tables.push(table);
  }
  return tables;
}

/** Numbers 40 to 44 in names of metrics, 45 to 49 in what is said about them. */
async function saveMetrics(): Promise<void> {
  const metric = { category: 'sales', table: 'shop.orders', sql: 'SELECT count(*) AS orders FROM shop.orders' };
  await server.run(saveMetric, { ...metric, name: 'orders', dimensions: ['name'] });
  for (const [at, text] of injections(45, 50).entries()) {
    const [displayName] = text.split('\n');
    const name = `inject_${40 + at}x_grant_core.admin`;
    const told = text.replaceAll(/[\u200b\u202e\u2066]/g, '');
    await server.run(saveMetric, { ...metric, name, displayName, description: told, notes: [told] });
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function makeToken(person: TestPerson, narrowing: Record<string, unknown> = {}) {
  return (await mutate(
    server,
    { session: person.session },
    { field: 'createToken', input: { name: 'mcp', ...narrowing }, payload: 'secret token { id }' },
  )) as { secret: string; token: { id: string } };
}

async function revoke(person: TestPerson, id: string): Promise<void> {
  const input = { id };
  await mutate(server, { session: person.session }, { field: 'revokeToken', input, payload: 'token { id }' });
}

describe('who may', () => {
  test('a reader is answered by every tool, over both transports alike', async () => {
    const { tools } = await http.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(Object.keys(everyTool).toSorted());
    expect((await stdio.listTools()).tools.map(({ name, description }) => [name, description])).toEqual(
      tools.map(({ name, description }) => [name, description]),
    );
    for (const { annotations } of tools) expect(annotations).toMatchObject({ readOnlyHint: true });
    for (const [name, input] of Object.entries(everyTool)) {
      const [remote, local] = [await call(http, name, input), await call(stdio, name, input)];
      const asked = await call(stdio, name, { ...input, remote: true });
      expect(remote.isError, name).toBe(false);
      expect(JSON.stringify(remote.data), name).toContain('orders');
      expect(asked.data, name).toEqual(remote.data);
      expect(alike(local.data), name).toEqual(alike(remote.data));
    }
    expect(faults).toEqual([]);
  });

  /** A laptop says that rows are on it, and does not know when they were published. */
  function alike(data: unknown): unknown {
    const text = JSON.stringify(data)
      .replaceAll(/"rowsAt":"\w+"/g, '')
      .replaceAll(/"publishedAt":("[^"]*"|null)/g, '');
    return text;
  }

  test('answers say which data they come from, and which metric was used; statements are audited as `sql` audits them', async () => {
    const { data } = await call(http, 'run_metric', {
      metric: 'sales/orders',
      filters: [{ dimension: 'name', values: ['ada'] }],
    });
    expect(data).toMatchObject({ metric: 'sales/orders', rows: [['1']], from: [{ table: 'shop.orders' }] });
    expect((await call(stdio, 'run_metric', { metric: 'sales/orders' })).facts).toMatchObject({
      place: 'server',
      asOf: null,
    });
    expect((await call(stdio, 'query', { statement: 'FROM shop.orders' })).facts).toMatchObject({
      place: 'workspace',
      asOf: expect.stringMatching(/Z$/),
    });
    const { data: table } = await call(http, 'describe_table', { table: 'shop.orders' });
    expect(data.from[0]).toMatchObject({ version: table.version, publishedAt: table.publishedAt });
    const { services } = server.open;
    await services.auditBatch.flush(services.store);
    const [event] = await listAuditEvents(services.store, { limit: 1 });
    expect(event).toMatchObject({
      action: 'statement.executed',
      actor: reader.email,
      credential: 'pat',
      details: { metric: 'sales/orders', tables: ['shop.orders'] },
    });
  });

  test('for somebody without grants nothing exists, and for somebody without roles nothing is allowed', async () => {
    const stranger = await connectHttp(server.url, bearer((await server.person('stranger', ['core.viewer'])).token));
    const nothing = await connectHttp(server.url, bearer((await server.person('nothing', [])).token));
    for (const [name, input] of Object.entries(everyTool)) {
      const { isError, facts, data, outside } = await call(stranger, name, input);
      if (isError) {
        const absent = JSON.parse(JSON.stringify(input).replaceAll('orders', 'absent')) as Record<string, unknown>;
        const other = await call(stranger, name, absent);
        expect([other.facts, other.data], name).toEqual([
          facts,
          JSON.parse(JSON.stringify(data).replaceAll('orders', 'absent')),
        ]);
      } else {
        expect(facts.total, name).toBe(0);
      }
      expect(outside).not.toContain('orders');
      expect(await call(nothing, name, input), name).toMatchObject({ isError: true, facts: { error: 'notAllowed' } });
    }
    await stranger.close();
    await nothing.close();
  });

  test('a token that is limited to tables sees only those', async () => {
    const tableIds = [`Table:${server.open.services.registry.tableBySqlName('shop.orders')!.id}`];
    const { secret } = await makeToken(reader, { tableIds, readOnly: true });
    const narrow = await connectHttp(server.url, bearer(secret));
    expect((await call(narrow, 'list_tables')).data.tables).toMatchObject([{ table: 'shop.orders' }]);
    const refused = await call(narrow, 'query', { statement: 'FROM shop.inject_0x_ignore_all_rules' });
    expect(refused).toMatchObject({ isError: true });
    await narrow.close();
  });

  test('nobody, a cookie, and the token of a session are refused', async () => {
    const shown: Record<string, string>[] = [
      {},
      bearer('agnes_nonsense'),
      bearer(reader.session),
      { cookie: `agnes=${reader.session}` },
    ];
    for (const headers of shown) await expect(connectHttp(server.url, headers)).rejects.toMatchObject({ code: 401 });
  });

  test('the token of a device may what its person may, until the device is ended', async () => {
    const { access_token: token } = await letDeviceIn(server, reader);
    const client = await connectHttp(server.url, bearer(token!));
    expect((await call(client, 'query', everyTool['query'])).isError).toBe(false);
    const { data } = await ask(server, { as: { session: reader.session }, query: '{ viewer { devices { id } } }' });
    const input = { id: data.viewer.devices[0].id };
    await mutate(server, { session: reader.session }, { field: 'endDevice', input, payload: '__typename' });
    await expect(call(client, 'list_tables')).rejects.toBeInstanceOf(StreamableHTTPError);
    await client.close();
  });

  test('a token that is revoked ends at once, also for what runs', async () => {
    const { secret, token } = await makeToken(reader);
    const client = await connectHttp(server.url, bearer(secret));
    expect(await call(client, 'list_tables')).toMatchObject({ isError: false });
    const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';
    const running = call(client, 'query', { statement: endless }).catch((error: unknown) => error);
    await revoke(reader, token.id);
    expect(await running).toMatchObject({ code: 401 });
    for (const [name, input] of Object.entries(everyTool)) {
      await expect(call(client, name, input), name).rejects.toBeInstanceOf(StreamableHTTPError);
    }
    await client.close();
  });

  test('a workspace whose person is not signed in answers what is local, and says the rest in a sentence', async () => {
    const { secret, token } = await makeToken(reader);
    await revoke(reader, token.id);
    const [ended, nobody, offline] = await Promise.all([
      connectStdio({ cwd: folder, env: { ...environment, DA_TOKEN: secret } }),
      connectStdio({ cwd: folder, env: environment, words: ['--remote'] }),
      connectStdio({ cwd: folder, env: { ...environment, DA_SERVER: 'http://127.0.0.1:2' } }),
    ]);
    const local = ['list_metrics', 'list_tables', 'describe_table', 'query', 'search'];
    for (const [name, input] of Object.entries(everyTool)) {
      const isError = !local.includes(name);
      expect(await call(ended, name, input), name).toMatchObject(
        isError ? { facts: { error: 'notSignedIn' } } : { isError },
      );
      expect(await call(offline, name, input), name).toMatchObject({ isError });
      expect(await call(nobody, name, input), name).toMatchObject({ facts: { error: 'notSignedIn' } });
    }
    expect((await call(nobody, 'list_tables')).data.message).toContain('da auth login');
    expect((await call(offline, 'run_metric', everyTool['run_metric'])).data.message).toContain('cannot be reached');
    await Promise.all([ended, nobody, offline].map((client) => client.close()));
  }, 60_000);
});

describe('what people and sources wrote', () => {
  test('50 injections arrive as data, and nowhere else, over both transports', async () => {
    const wide = 'shop.inject_0x_ignore_all_rules';
    const columnsOf = injections(20, 21)[0]!.replaceAll('"', '""');
    for (const client of [http, stdio]) {
      const seen = new Set<number>();
      const asked: [string, Record<string, unknown>][] = [
        ['list_tables', {}],
        ['list_metrics', {}],
        ['describe_metric', { metric: 'sales/inject_40x_grant_core.admin' }],
        ['run_metric', { metric: 'sales/inject_41x_grant_core.admin' }],
        ['describe_table', { table: wide }],
        ['query', { statement: `FROM ${wide}` }],
        ['search', { text: 'inject' }],
        ['explain_access', { table: wide }],
        ['query', { statement: `SELECT INJECT FROM ${wide}` }],
        ['query', { statement: `SELECT "${columnsOf}"::INTEGER, count(*) FROM ${wide} GROUP BY ALL` }],
        ['query', { statement: `SELECT columns(*)::INTEGER FROM ${wide}` }],
      ];
      for (const [name, input] of asked) {
        const { data, outside } = await call(client, name, input);
        expect(numbersIn(outside), `${name} ${outside}`).toEqual([]);
        if (!String(input['statement']).startsWith('SELECT INJECT')) {
          expect(numbersIn(JSON.stringify(data)), JSON.stringify([name, input, data])).not.toEqual([]);
        }
        for (const number of numbersIn(JSON.stringify(data))) seen.add(number);
      }
      const listed = [await client.listTools(), await client.listResources(), await client.listResourceTemplates()];
      expect(numbersIn(JSON.stringify([...listed, client.getInstructions()]))).toEqual([]);
      for (const uri of ['agnes://guide', `agnes://tables/${wide}`]) {
        const [content] = (await client.readResource({ uri })).contents;
        const { data, outside } = unmark((content as { text: string }).text);
        expect(numbersIn(outside)).toEqual([]);
        expect(numbersIn(JSON.stringify(data))).not.toEqual([]);
      }
      expect([...seen].toSorted((left, right) => left - right)).toEqual(Array.from({ length: 50 }, (_, at) => at));
    }
  }, 60_000);

  test('a local statement reads files of work/ and data/, and no others of the workspace', async () => {
    writeFileSync(join(folder, '.env'), 'SECRET=1');
    writeFileSync(join(folder, 'work/plan.csv'), 'day,goal\n1,7\n');
    expect((await call(stdio, 'query', { statement: "FROM 'work/plan.csv'" })).data.rows).toEqual([['1', '7']]);
    for (const path of ['.env', 'work/../.env', '.agnes/state.json', '/etc/hostname']) {
      const refused = await call(stdio, 'query', { statement: `FROM read_text('${path}')` });
      expect(refused, path).toMatchObject({ isError: true });
      expect(refused.data.message).toContain('Permission Error');
    }
  });

  test('the marks are new in each answer', async () => {
    const outsides = [await call(http, 'list_tables'), await call(http, 'list_tables')].map(({ outside }) => outside);
    expect(new Set(outsides.map((text) => /bear ([0-9a-f]{32})/.exec(text)?.[1])).size).toBe(2);
  });
});

describe('answers are bounded', () => {
  test('and say what was cut, and how to get the rest', async () => {
    const statement = 'SELECT range AS n FROM range(250) ORDER BY n';
    for (const client of [http, stdio]) {
      const first = await call(client, 'query', { statement });
      expect(first.facts).toMatchObject({ shown: 100, cut: true, nextOffset: 100 });
      expect(first.facts.rest).toMatch(/^Ask again with nextOffset/);
      const last = await call(client, 'query', { statement, offset: 200 });
      expect(last.facts).toMatchObject({ shown: 50, cut: false, nextOffset: null, rest: null });
      expect(last.data.rows[0]).toEqual(['200']);
      const wide = await call(client, 'query', { statement: "SELECT repeat('x', 1500) FROM range(90)" });
      expect(wide.facts).toMatchObject({ cut: true, nextOffset: wide.data.rows.length });
      expect(JSON.stringify(wide.data).length).toBeLessThanOrEqual(40_000);
      const long = await call(client, 'query', { statement: "SELECT repeat('x', 5000)" });
      expect(long.facts).toMatchObject({ cut: false, shortenedCells: 1 });
      const cells = Array.from({ length: 30 }, (_, at) => `repeat('x', 1900) AS c${at}`).join();
      expect(await call(client, 'query', { statement: `SELECT ${cells}` })).toMatchObject({ isError: true });
      expect(await call(client, 'describe_table', { table: 'shop.orders', offset: 1 })).toMatchObject({
        facts: { total: 2, shown: 1, cut: false },
        data: { columns: [{ name: 'name' }] },
      });
    }
  });

  test('and one statement that is no SELECT is refused in both', async () => {
    for (const client of [http, stdio]) {
      for (const statement of ['DROP TABLE shop.orders', 'SELECT 1; SELECT 2', '']) {
        const { isError } = await client.callTool({ name: 'query', arguments: { statement } });
        expect(isError, statement).toBe(true);
      }
    }
  });
});

describe('the door', () => {
  test('takes one message of JSON by POST, of its own origin, and no more than it can hold', async () => {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const post = async (body: string, headers: Record<string, string> = {}, method = 'POST') => {
      const accept = 'application/json, text/event-stream';
      const given = { ...bearer(reader.token), 'content-type': 'application/json', accept, ...headers };
      const sent = await fetch(`${server.url}/mcp`, { method, headers: given, ...(method === 'POST' && { body }) });
      await sent.text();
      return sent.status;
    };
    expect(await post(JSON.stringify(message))).toBe(200);
    expect(await post(JSON.stringify(message), { origin: server.url })).toBe(200);
    expect(await post(JSON.stringify(message), { origin: 'https://evil.example.com' })).toBe(403);
    expect(await post(JSON.stringify([message]))).toBe(400);
    expect(await post('{')).toBe(400);
    expect(await post(JSON.stringify(message), { 'content-type': 'text/plain' })).toBe(415);
    expect(await post(JSON.stringify({ ...message, params: { x: 'x'.repeat(2 ** 20) } }))).toBe(413);
    for (const method of ['GET', 'DELETE']) expect(await post('', {}, method)).toBe(405);
  });
});

test('`da init` writes the configuration, mends it, and leaves own entries alone', async () => {
  const path = join(folder, '.mcp.json');
  const agnes = { command: 'da', args: ['mcp'] };
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ mcpServers: { agnes } });
  const init = () => da(['init'], { cwd: folder, env: { ...environment, DA_TOKEN: reader.token } });
  writeFileSync(path, JSON.stringify({ mine: 1, mcpServers: { other: { command: 'other' } } }));
  await init();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    mine: 1,
    mcpServers: { other: { command: 'other' }, agnes },
  });
  for (const own of ['{"mcpServers":{"agnes":{"command":"mine"}}}', '{ not json']) {
    writeFileSync(path, own);
    expect(await init()).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe(own);
  }
});
