import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startStateWriter } from '../kit/state-writer-process.ts';
import { verifyNumbers, writerTables } from './kill-writer.ts';
import { makeFolder, makeMigrations } from './stores.ts';

/**
 * Kills a process while it makes the state database (every second time: while it upgrades an older one). The next process
 * must open it as if nothing had happened. Resolves to how many of the kills came before the first one was through.
 */
export async function killOpening(kills: number): Promise<number> {
  const migrations = makeMigrations(writerTables);
  let early = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const dataDir = makeFolder();
    if (kill % 2 === 0) await makeOlderState(dataDir);
    const writer = startStateWriter(dataDir, migrations);
    await writer.hasSaid('starting');
    await sleep(Math.random() * 300);
    const said = await writer.kill();
    if (!said.includes('open')) early += 1;
    expect(await verifyNumbers(dataDir, migrations), `after kill ${kill}`).toBeGreaterThanOrEqual(said.length - 2);
    rmSync(dataDir, { recursive: true, force: true });
  }
  return early;
}

async function makeOlderState(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir, clock: systemClock });
  await store.close();
}
