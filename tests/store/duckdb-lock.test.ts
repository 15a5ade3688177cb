import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StateUnreadableError, StoreLockedError } from '../../src/store/open-errors.ts';
import { startStateWriter, type StateWriter } from '../kit/state-writer-process.ts';
import { holdOpen } from './raw-duckdb.ts';
import { makeFolder, useStores } from './stores.ts';

async function startWriter(dataDir: string): Promise<StateWriter> {
  const writer = startStateWriter(dataDir);
  await writer.hasSaid('open');
  return writer;
}

function lockOf(dataDir: string): string {
  return join(dataDir, 'state/system.duckdb.lock');
}

function writeLock(dataDir: string, content: string): void {
  mkdirSync(join(dataDir, 'state'));
  writeFileSync(lockOf(dataDir), content);
}

describe('the lock of the DuckDB file', { timeout: 120_000 }, () => {
  const stores = useStores('duckdb');

  test('a second process is told, in one sentence, which process has the file', async () => {
    const dataDir = makeFolder();
    const writer = await startWriter(dataDir);
    const refused = await stores.open({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreLockedError);
    expect(refused).toMatchObject({
      code: 'STORE_LOCKED',
      message: `${dataDir}/state/system.duckdb is in use by process ${writer.pid}; stop it first or choose another DATA_DIR.`,
    });
    expect(JSON.parse(readFileSync(lockOf(dataDir), 'utf8'))).toMatchObject({ pid: writer.pid });
    await writer.kill();
  });

  test('the lock of a killed process is taken over', async () => {
    const dataDir = makeFolder();
    await (await startWriter(dataDir)).kill();
    expect(existsSync(lockOf(dataDir))).toBe(true);
    const store = await stores.open({ dataDir });
    expect(JSON.parse(readFileSync(lockOf(dataDir), 'utf8'))).toMatchObject({ pid: process.pid });
    await store.close();
    expect(existsSync(lockOf(dataDir))).toBe(false);
  });

  test.runIf(existsSync('/proc/self/stat'))(
    'a number that another process got later does not hold the lock',
    async () => {
      const dataDir = makeFolder();
      writeLock(dataDir, JSON.stringify({ pid: process.pid, startedAt: '1', host: hostname() }));
      await expect(stores.open({ dataDir })).resolves.toBeDefined();
    },
  );

  test('a lock that was not written to its end does not hold', async () => {
    const dataDir = makeFolder();
    writeLock(dataDir, '{"pid":');
    await expect(stores.open({ dataDir })).resolves.toBeDefined();
  });

  test('a process that opened the file without our lock is found by the lock of DuckDB', async () => {
    const dataDir = makeFolder();
    await (await stores.open({ dataDir })).close();
    const other = await holdOpen(join(dataDir, 'state/system.duckdb'));
    const refused = await stores.open({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreLockedError);
    expect(String(refused)).toContain(`process ${other};`);
    expect(existsSync(lockOf(dataDir))).toBe(false);
  });

  test('the same process cannot open the file twice, and the first store goes on', async () => {
    const store = await stores.open();
    await expect(stores.open()).rejects.toThrow(`in use by this process (${process.pid})`);
    await expect(store.write(async ({ emit }) => emit('topic', 1))).resolves.toBeUndefined();
  });

  test('two that take over the same dead lock at once: exactly one gets it', async () => {
    const dataDir = makeFolder();
    writeLock(dataDir, JSON.stringify({ pid: process.pid, startedAt: '1', host: hostname() }));
    const results = await Promise.allSettled([stores.open({ dataDir }), stores.open({ dataDir })]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('a folder that cannot be made is one sentence', async () => {
    const dataDir = makeFolder();
    writeFileSync(join(dataDir, 'state'), 'a file in the way');
    const refused = await stores.open({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StateUnreadableError);
    expect(String(refused)).toMatch(/state cannot be used for the state: EEXIST/);
  });
});
