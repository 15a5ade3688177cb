import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { askData, sqlRows } from './first-steps.ts';
import { occupyPort, startProgram, type Program } from './program.ts';

const tables = 9;

function startDemo(dataDir: string, port = 0): Program {
  return startProgram('demo', { DATA_DIR: dataDir, PORT: String(port) });
}

/** The address of a demo that is ready. */
async function readyAt(demo: Program): Promise<string> {
  await demo.prints(/^Ready\. /m);
  return /Web\s+(http:\S+?)\/\n/.exec(demo.printed())![1]!;
}

async function stop(demo: Program): Promise<void> {
  demo.signal('SIGTERM');
  expect(await demo.ended).toBe(0);
}

async function firstEvent(url: string): Promise<unknown> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const events = client.iterate({ query: 'subscription { syncEvents { __typename source } }' });
  try {
    const first = events.next();
    // Nobody says when the subscription is heard, so a sync is started again until it tells of one.
    for (;;) {
      await askData(url, { as: null, query: 'mutation { startSync(input: { source: "company" }) { __typename } }' });
      const heard = await Promise.race([first, sleep(500)]);
      if (heard) return heard.value?.data;
    }
  } finally {
    await client.dispose();
  }
}

async function expectWhole(url: string): Promise<void> {
  const query =
    '{ sources { name tables { name syncState { status } } } syncRuns(first: 100) { edges { node { state } } } }';
  const { sources } = await askData(url, { as: null, query });
  expect(sources).toHaveLength(1);
  expect(sources[0].tables.map(({ syncState }: any) => syncState.status)).toEqual(Array(tables).fill('OK'));
}

test('the demo shows its progress, answers a query over HTTP, and a second start finds its data and syncs nothing anew', async () => {
  const dataDir = scratchFolder();
  const demo = startDemo(dataDir);
  const url = await readyAt(demo);
  for (let turn = 1; turn <= tables; turn += 1)
    expect(demo.printed()).toMatch(new RegExp(`^  ${turn}/9 company\\.\\w+ …$`, 'm'));
  expect(demo.printed().match(/^ {2}company\.\w+ +\d+ rows$/gm)).toHaveLength(tables);
  const [[orders]] = (await sqlRows(url, { as: null, statement: 'SELECT count(*) FROM company.orders' })) as [[string]];
  expect(Number(orders)).toBeGreaterThan(100);
  await stop(demo);
  const second = startDemo(dataDir);
  const secondUrl = await readyAt(second);
  expect(second.printed()).not.toContain('Syncing');
  const { syncRuns } = await askData(secondUrl, { as: null, query: '{ syncRuns { edges { node { state } } } }' });
  expect(syncRuns.edges).toEqual([{ node: { state: 'SUCCEEDED' } }]);
  await expectWhole(secondUrl);
  expect(await firstEvent(secondUrl)).toEqual({ syncEvents: { __typename: expect.any(String), source: 'company' } });
  await stop(second);
}, 120_000);

test('a taken port makes it take the next free one, and it says so', async () => {
  const port = await occupyPort();
  const demo = startDemo(scratchFolder(), port);
  const url = await readyAt(demo);
  expect(Number(new URL(url).port)).toBeGreaterThan(port);
  expect(demo.printed()).toContain(
    `Port ${port} is taken by another program; the demo listens on ${new URL(url).port} instead.`,
  );
  await stop(demo);
}, 120_000);

test('a start completes a preparation that was killed, wherever it was', async () => {
  const dataDir = scratchFolder();
  for (const moment of [/DEVELOPMENT/, /6\/9/]) {
    const demo = startDemo(dataDir);
    await demo.prints(moment);
    demo.signal('SIGKILL');
    expect(await demo.ended).toBe('SIGKILL');
  }
  const demo = startDemo(dataDir);
  const url = await readyAt(demo);
  expect(demo.printed()).toContain('Syncing the sample company, 9 tables:');
  await expectWhole(url);
  await stop(demo);
}, 180_000);
