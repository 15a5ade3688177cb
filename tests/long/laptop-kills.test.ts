import { expect, test } from 'vitest';
import { killLaptop, publishVersion, rewriteVersion } from '../cli/kill-laptop.ts';
import { makeLaptop } from '../cli/laptop-folder.ts';
import { startTestServer } from '../kit/server.ts';

test('500 kills of da sync never show half a version, and the next run always finishes', async () => {
  const server = await startTestServer();
  try {
    const tableIds = await publishVersion(server, 0);
    const laptop = await makeLaptop(server, { name: 'killed', tableIds });
    let version = 0;
    const { cutOff } = await killLaptop(500, {
      laptop,
      before: 0,
      async publishNext() {
        version += 1;
        await rewriteVersion(server, version);
        return version;
      },
    });
    process.stdout.write(`da sync: 500 kills, ${cutOff} before its end, 0 half versions, 500 next runs finished\n`);
    expect(cutOff).toBeGreaterThan(0);
  } finally {
    await server.close();
  }
});
