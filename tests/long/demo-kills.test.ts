import { expect, test } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { expectWhole, readyAt, startDemo, stop } from '../programs/demo-program.ts';

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
