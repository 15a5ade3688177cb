import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { da } from '../cli/run-da.ts';
import { startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { call, connectHttp, connectStdio } from './mcp-client.ts';

let server: TestServer;
let reader: TestPerson;
let folder: string;
let http: Client;
let stdio: Client;

beforeAll(async () => {
  server = await startTestServer();
  const orders = await server.registerFile('orders', 'id,name\n1,ada\n2,bob\n');
  await server.registerFile('secret', 'id\n7\n');
  await server.sync();
  reader = await server.person('reader', ['core.viewer']);
  await server.run(grantTableAccess, { tableId: orders.id, userId: reader.id });
  folder = join(server.dataDir, 'laptop');
  mkdirSync(folder);
  const env = { DA_TOKEN: reader.token, XDG_CONFIG_HOME: join(folder, 'config') };
  expect(await da(['init', server.url], { cwd: folder, env })).toMatchObject({ code: 0 });
  http = await connectHttp(server.url, { authorization: `Bearer ${reader.token}` });
  stdio = await connectStdio({ cwd: folder, env });
}, 60_000);

afterAll(async () => {
  await stdio?.close();
  await http?.close();
  await server.close();
});

describe('both transports', () => {
  test('answer a statement alike', async () => {
    const statement = 'FROM shop.orders ORDER BY id';
    const [remote, local] = await Promise.all([http, stdio].map((client) => call(client, 'query', { statement })));
    expect(remote).toMatchObject({ isError: false, data: { rows: [['1', 'ada'], ['2', 'bob']] }, facts: { cut: false } });
    expect(local!.data.rows).toEqual(remote!.data.rows);
    expect(local!.data.from[0].version).toBe(remote!.data.from[0].version);
  });
});
