// `npm test`: builds what the tests run against, then vitest; `long` runs the long counts of `tests/long` instead.
import { spawnSync } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const long = process.argv[2] === 'long';
const rest = process.argv.slice(long ? 3 : 2);
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'tests/vitest.config.ts', ...rest], {
  stdio: 'inherit',
  env: {
    ...(!long && hasRoom('/dev/shm') && { TMPDIR: '/dev/shm' }),
    ...process.env,
    UV_THREADPOOL_SIZE: '16',
    AGNES_TESTS: long ? 'long' : 'all',
  },
});
process.exit(status ?? 1);

/** Whether the folder in memory takes what the tests write, programs among it; nothing there waits for a disk. */
function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const mount = readFileSync('/proc/self/mounts', 'utf8').match(new RegExp(`^\\S+ ${folder} \\S+ (\\S+)`, 'm'));
    return bavail * bsize > 8 * 2 ** 30 && !mount?.[1].split(',').includes('noexec');
  } catch {
    return false;
  }
}
