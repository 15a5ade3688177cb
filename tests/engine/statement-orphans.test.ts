import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/kernel/package-root.ts';

const parent = `
  import { fork } from 'node:child_process';
  const child = fork(${JSON.stringify(join(packageRoot, 'dist/statement-child.js'))}, ['256'], { serialization: 'advanced', execArgv: [] });
  child.on('message', ({ kind }) => {
    if (kind !== 'ready') return;
    const statement = "select count(*) from range(10000000) a, range(10000000) b where a.range + b.range = 7";
    child.send({ kind: 'run', statement, work: { kind: 'rows', limit: 1 }, catalogKey: 'k', tables: [] });
    setTimeout(() => console.log(child.pid), 300);
  });
`;

test('a child ends with its parent, even a killed one, in the middle of a statement', async () => {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(starter.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  starter.kill('SIGKILL');
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5000 }).toBe(false);
});
