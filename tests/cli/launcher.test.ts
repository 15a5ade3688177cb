import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';

test('npx da in a checkout builds what is missing or stale, saying nothing, and nothing else', () => {
  const checkout = scratchFolder();
  for (const path of ['package.json', 'src/build', 'src/cli', 'src/engine', 'src/kernel', 'src/mcp']) {
    cpSync(path, join(checkout, path), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  const da = () => {
    const { status, stdout, stderr } = spawnSync(join(checkout, 'src/build/da.mjs'), ['auth', '--help'], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr, builtAt: statSync(join(checkout, 'dist/da.js')).mtimeMs };
  };

  const first = da();
  expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('sign-out'), stderr: '' });
  expect(da()).toEqual(first);

  const command = join(checkout, 'src/cli/commands/auth-sign-out.ts');
  writeFileSync(command, readFileSync(command, 'utf8').replace('Ends the sign-in', 'Stops the sign-in'));
  const changed = da();
  expect(changed).toMatchObject({ status: 0, stdout: expect.stringContaining('Stops the sign-in'), stderr: '' });
  expect(changed.builtAt).toBeGreaterThan(first.builtAt);
});
