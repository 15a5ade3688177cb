import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSource } from '../../../src/registry/create-source.ts';
import type { Table } from '../../../src/registry/table.ts';
import { startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let admin: TestPerson;
let tables: Table[];

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  tables = [await server.registerFile('orders', 'id\n1\n'), await server.registerFile('people', 'id\n1\n')];
  await server.run(createSource, { name: 'empty', connector: 'files', config: { folder: server.files } });
});

afterAll(() => server.close());

function startSync(input: Record<string, unknown>) {
  const payload = 'run { id state requestedBy source { name } tables { table { sqlName } state } }';
  return mutate(server, admin, { field: 'startSync', input, payload });
}

test('a run is queued with its tables and one audit row', async () => {
  const before = await eventCount(server);
  const [orders] = tables;
  const result = await startSync({ source: 'shop', tables: [`Table:${orders!.id}`, `Table:${orders!.id}`] });
  expect(result).toMatchObject({
    __typename: 'StartSyncPayload',
    run: { requestedBy: admin.email, source: { name: 'shop' }, tables: [{ table: { sqlName: 'shop.orders' } }] },
  });
  await server.open.syncRunner.idle();
  expect(await newestEvent(server)).toEqual({
    actor: admin.email,
    credential: 'pat',
    action: 'syncRun.queued',
    resource: `syncRun:${String(result.run.id).replace('SyncRun:', '')}`,
    details: { source: 'shop', tableIds: [orders!.id] },
  });
  expect(await eventCount(server)).toBe(before + 1);
});

test('of several at once one is queued, the others are conflicts', async () => {
  const results = await Promise.all([1, 2, 3].map(() => startSync({ source: 'shop' })));
  expect(results.map(({ __typename }) => __typename).toSorted()).toEqual([
    'ConflictError',
    'ConflictError',
    'StartSyncPayload',
  ]);
  const conflict = results.find(({ __typename }) => __typename === 'ConflictError');
  expect(conflict.message).toBe('A run of shop is on its way; wait until it has ended.');
  await server.open.syncRunner.idle();
  expect(await startSync({ source: 'shop' })).toMatchObject({ __typename: 'StartSyncPayload' });
  await server.open.syncRunner.idle();
});

test('what cannot be synced is a result, and nothing is queued', async () => {
  const before = await eventCount(server);
  const message = 'There is no source called "nothing".';
  expect(await startSync({ source: 'nothing' })).toMatchObject({ __typename: 'NotFoundError', message });
  const faults = [{ path: 'source', message: 'The source has no tables; register one first.' }];
  expect(await startSync({ source: 'empty' })).toMatchObject({ __typename: 'InvalidInputError', fields: faults });
  const none = [{ path: 'tables', message: 'Name at least one table.' }];
  expect(await startSync({ source: 'shop', tables: [] })).toMatchObject({ fields: none });
  for (const id of ['Table:nothing', 'nothing', '']) {
    expect(await startSync({ source: 'shop', tables: [id] })).toMatchObject({ __typename: 'NotFoundError' });
  }
  expect(await eventCount(server)).toBe(before);
});
