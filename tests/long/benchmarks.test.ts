import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/kernel/package-root.ts';

test('every benchmark runs to its end (two had broken unseen)', () => {
  const { status, stdout } = spawnSync(process.execPath, ['src/build/bench.mjs'], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  expect(stdout).not.toContain('FAILED');
  expect(status).toBe(0);
  process.stdout.write(`benchmarks: ${stdout.trim().split('\n').length - 1} rows, every file ran to its end\n`);
});
