import { expect, test } from 'vitest';
import { killFollowedServer } from './kill-followed-server.ts';

test('clients that follow a server through a kill hear each event they may see once, in order', async () => {
  const { events, connections } = await killFollowedServer({ clients: 20, kills: 1, syncs: 1 });
  expect(events).toBeGreaterThan(20);
  expect(connections).toBeGreaterThan(20);
}, 240_000);
