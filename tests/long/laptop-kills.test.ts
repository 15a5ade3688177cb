import { test } from 'vitest';
import { killLaptop, publishVersion, rewriteVersion } from '../cli/kill-laptop.ts';
import { makeLaptop } from '../cli/laptop-folder.ts';
import { startTestServer } from '../kit/server.ts';

const kills = 500;

test(`${kills} kills of da sync never show half a version, and the next run always finishes`, async () => {
  const server = await startTestServer();
  try {
    const tableIds = await publishVersion(server, 0);
    const laptop = await makeLaptop(server, { name: 'killed', tableIds });
    let version = 0;
    const { ended } = await killLaptop(kills, {
      laptop,
      before: 0,
      async publishNext() {
        version += 1;
        await rewriteVersion(server, version);
        return version;
      },
    });
    process.stdout.write(
      `da sync: ${kills} kills before its end, ${ended} too late, 0 half versions, every next run finished\n`,
    );
  } finally {
    await server.close();
  }
});
