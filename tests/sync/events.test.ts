import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';

const subscription = `subscription { syncEvents {
  __typename id runId source
  ... on SyncProgress { table { name } }
  ... on SyncTablePublished { table { name syncState { status rows } } }
  ... on SyncTableFailed { table { name } message }
  ... on GenerationPublished { generation }
  ... on SyncFinished { state }
} }`;

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('ada', ['core.admin']);
  await server.registerFile('orders', 'id\n1\n2\n');
  await server.registerFile('payments', 'id\n1\n');
});

afterAll(() => server.close());

async function hearOneRun(): Promise<any[]> {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${admin.token}` },
    lazy: false,
  });
  const heard: any[] = [];
  const finished = new Promise<void>((resolve, reject) => {
    client.subscribe<any>(
      { query: subscription },
      {
        next: ({ data }) => {
          heard.push(data.syncEvents);
          if (data.syncEvents.__typename === 'SyncFinished') resolve();
        },
        error: reject,
        complete: resolve,
      },
    );
  });
  // The protocol has no word for "subscribed": an answer on the same socket comes after it.
  await new Promise<void>((resolve, reject) => {
    client.subscribe({ query: '{ instance { name } }' }, { next: () => {}, error: reject, complete: resolve });
  });
  await server.sync();
  await finished;
  await client.dispose();
  return heard;
}

test('events tell a run in order: started, each table’s turn, what was published, the generation, the end', async () => {
  const heard = await hearOneRun();
  expect(heard.map(({ __typename, table }) => [__typename, ...(table ? [table.name] : [])].join(' '))).toEqual([
    'SyncStarted',
    expect.stringMatching(/^SyncProgress /),
    expect.stringMatching(/^SyncProgress /),
    expect.stringMatching(/^SyncTablePublished /),
    expect.stringMatching(/^SyncTablePublished /),
    'GenerationPublished',
    'SyncFinished',
  ]);
  expect(heard.at(-1).state).toBe('SUCCEEDED');
  expect(heard.filter(({ table }) => table?.syncState).map(({ table }) => table.syncState.status)).toEqual([
    'OK',
    'OK',
  ]);
  expect(new Set(heard.map(({ runId }) => runId)).size).toBe(1);
  const ids = heard.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
});

test('a table that fails is told with its sentence; the run and its progress stand in syncRuns', async () => {
  writeFileSync(join(server.files, 'orders.csv'), 'id\n1\n2,3\n');
  const heard = await hearOneRun();
  const failed = heard.find(({ __typename }) => __typename === 'SyncTableFailed');
  expect(failed).toMatchObject({ table: { name: 'orders' }, message: expect.stringMatching(/^orders\.csv, line 3: /) });
  expect(heard.at(-1)).toMatchObject({ __typename: 'SyncFinished', state: 'PARTIAL' });
  const query = `{ syncRuns(first: 1) { edges { node {
    id state progress startedAt finishedAt tables { state rows error table { name } }
  } } } }`;
  const { data } = await ask(server, { as: admin, query });
  const run = data.syncRuns.edges[0].node;
  expect(run).toMatchObject({ id: expect.any(String), state: 'PARTIAL', progress: 1 });
  expect(run.startedAt <= run.finishedAt).toBe(true);
  expect(run.tables.toSorted((a: any, b: any) => (a.table.name < b.table.name ? -1 : 1))).toEqual([
    { state: 'FAILED', rows: null, error: failed.message, table: { name: 'orders' } },
    { state: 'SUCCEEDED', rows: '1', error: null, table: { name: 'payments' } },
  ]);
});
