import { expect, test } from 'vitest';
import { killOpening } from './kill-opening.ts';
import { killWriter } from './kill-writer.ts';

test('a process killed while it writes loses nothing it acknowledged and tears no transaction', async () => {
  const { acknowledged } = await killWriter(3);
  expect(acknowledged).toBeGreaterThan(0);
}, 120_000);

test('a process killed while it makes or upgrades the database leaves one that opens', async () => {
  await killOpening(2);
}, 120_000);
