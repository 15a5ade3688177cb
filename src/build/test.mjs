// `npm test`: builds what the tests run against, then vitest; `long` runs the long counts of `tests/long` instead.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const long = process.argv[2] === 'long';
const rest = process.argv.slice(long ? 3 : 2);
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'tests/vitest.config.ts', ...rest], {
  stdio: 'inherit',
  env: { ...process.env, UV_THREADPOOL_SIZE: '16', AGNES_TESTS: long ? 'long' : 'all' },
});
process.exit(status ?? 1);
