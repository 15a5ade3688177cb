import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Table } from '../../../src/registry/table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { ask, connectSocket, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { mutate } from '../mutate.ts';
import { times } from '../../kit/times.ts';

const rounds = times(4, 20);
const subscription = `subscription { syncEvents { __typename id
  ... on SyncProgress { table { sqlName } }
  ... on SyncTablePublished { table { sqlName } } } }`;

let server: TestServer;
let admin: TestPerson;
let secret: Table;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  await server.registerFile('first', 'id\n1\n');
  secret = await server.registerFile('secret', 'id\n1\n');
  await server.registerFile('third', 'id\n1\n');
  await server.sync();
});

afterAll(async () => {
  vi.restoreAllMocks();
  await server.close();
});

test(`from the commit of a revocation on nobody is told of the table, in ${rounds} races with a sync`, async () => {
  const reader = await server.person('reader', ['core.viewer']);
  const clients = [connectSocket(server, { token: reader.token }), connectSocket(server, { session: reader.session })];
  const listeners = clients.map((client) => listen(client, subscription));
  await Promise.all(clients.map((client) => askSocket(client, '{ __typename }')));
  const frames = namingTheTable();
  const stop = server.open.services.store.onCommit((events) => {
    if (events.some(({ payload }) => (payload as { op?: string }).op === 'drop')) frames.forbid();
  });
  const syncMilliseconds = await timeOf(() => server.sync());
  let told = 0;
  for (let round = 0; round < rounds; round += 1) {
    const grant = await server.run(grantTableAccess, { tableId: secret.id, userId: reader.id });
    frames.allow();
    const running = server.sync();
    await pause((syncMilliseconds * round) / rounds);
    const input = { grantId: `TableGrant:${grant.id}` };
    const { __typename } = await mutate(server, admin, { field: 'revokeTableAccess', input });
    const statement = { as: reader, query: '{ sql(statement: "FROM shop.secret") { rowCount } }' };
    const { errors } = await ask(server, statement);
    expect([__typename, errors?.[0]?.extensions['code']]).toEqual(['RevokeTableAccessPayload', 'STATEMENT_REFUSED']);
    await running;
    await Promise.all(clients.map((client) => askSocket(client, '{ __typename }')));
    expect(frames.forbidden).toEqual([]);
    told += frames.allowed;
  }
  stop();
  // Some rounds were revoked before, and some after, the table's turn; otherwise nothing has raced.
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThan(rounds * clients.length * 2);
  const heard = listeners
    .flatMap(({ results }) => results)
    .filter((result) => JSON.stringify(result).includes('secret'));
  expect(heard).toHaveLength(told);
  for (const client of clients) await client.dispose();
}, 120_000);

/** Watches every frame that is sent, and keeps those that name the table. */
function namingTheTable() {
  const forbidden: string[] = [];
  let mayName = true;
  let allowed = 0;
  // oxlint-disable-next-line typescript/unbound-method
  const send = WebSocket.prototype.send;
  vi.spyOn(WebSocket.prototype, 'send').mockImplementation(function (this: WebSocket, ...args: unknown[]) {
    if (String(args[0]).includes('shop.secret')) {
      if (mayName) allowed += 1;
      else forbidden.push(String(args[0]));
    }
    Reflect.apply(send, this, args);
  });
  return {
    forbidden,
    get allowed() {
      return allowed;
    },
    allow() {
      mayName = true;
      allowed = 0;
    },
    forbid() {
      mayName = false;
    },
  };
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
