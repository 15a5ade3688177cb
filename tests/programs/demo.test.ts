import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { askData, sqlRows } from './first-steps.ts';
import { expectWhole, readyAt, startDemo, stop, tables } from './demo-program.ts';
import { occupyPort } from './program.ts';

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
