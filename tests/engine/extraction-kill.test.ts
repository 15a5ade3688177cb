import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExtraction } from '../../src/engine/extraction.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

/** Lets a process publish into `folder` for a while, then kills it; resolves to the rows it acknowledged last. */
function publishAndKill(folder: string, killAfterMs: number): Promise<number> {
  const script = join(packageRoot, 'tests/engine/extraction-kill-child.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { cwd: packageRoot });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  child.stdout.on('data', (chunk) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    output += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (_, signal) =>
      signal === 'SIGKILL' ? resolve(Number(output.trim().split('\n').at(-1))) : reject(new Error(errors)),
    );
  });
}

test('after a kill at any moment the extract is whole, has what was acknowledged, and no half file has a final name', async () => {
  for (const killAfterMs of [30, 190]) {
    const folder = scratchFolder();
    const acknowledged = await publishAndKill(folder, killAfterMs);
    const data = join(folder, 'extracts/shop/data/orders');
    for (const name of readdirSync(data)) {
      expect(
        `${createHash('sha256')
          .update(readFileSync(join(data, name)))
          .digest('hex')}.parquet`,
      ).toBe(name);
    }
    const path = join(folder, 'extracts/shop/extract.duckdb');
    const [meta] = await readRows('SELECT rows, (SELECT count(*) FROM orders) AS counted FROM _meta', path);
    expect(meta?.['rows']).toBe(meta?.['counted']);
    expect(Number(meta?.['rows'])).toBeGreaterThanOrEqual(acknowledged);
    await (await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' })).close();
    expect(readdirSync(join(folder, 'extracts/shop')).toSorted()).toEqual(['.staging', 'data', 'extract.duckdb']);
    expect(readdirSync(join(folder, 'extracts/shop/.staging'))).toEqual([]);
  }
}, 60_000);
