import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExtraction } from '../../src/engine/extraction.ts';
import { writeExtract, type ExtractEntry } from '../../src/engine/publish-extract.ts';
import { removeUnreferencedFiles } from '../../src/engine/publish-garbage.ts';
import type { BeforeStep, PublishStep } from '../../src/engine/publish.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

const extractedAt = new Date('2026-06-30T12:00:00.123Z');

/** Publishes one table per entry of `contents`, each with one Parquet file per CSV text. */
async function publish(extractsDir: string, contents: Record<string, string[]>): Promise<ExtractEntry[]> {
  const extraction = await openExtraction({ extractsDir, source: 'shop' });
  const entries: ExtractEntry[] = [];
  for (const [name, texts] of Object.entries(contents)) {
    const table = extraction.table(name);
    for (const text of texts) {
      const path = join(extractsDir, 'input.csv');
      writeFileSync(path, text);
      await table.sink.csv({ path, name: 'input.csv' }, {});
    }
    const { files, rows, sizeBytes } = await table.finish();
    const description = name === 'orders' ? 'All orders' : null;
    entries.push({ name, description, rows, sizeBytes, extractedAt, files: files.map(({ path }) => path) });
  }
  await extraction.close();
  return entries;
}

describe('the extract of a source', () => {
  test('lists its tables in _meta, with the six columns of the contract, and has a view for each', async () => {
    const extractsDir = scratchFolder();
    const tables = await publish(extractsDir, { orders: ['id\n1\n2\n', 'id,note\n3,x\n'], empty: ['id\n'] });
    expect(await writeExtract({ extractsDir, source: 'shop', tables })).toEqual({ missing: [] });
    const path = join(extractsDir, 'shop/extract.duckdb');
    const columns = await readRows(`SELECT name, type, "notnull" AS needed FROM pragma_table_info('_meta')`, path);
    expect(columns.map(({ name, type, needed }) => `${name} ${type} ${needed}`)).toEqual([
      'table_name VARCHAR true',
      'description VARCHAR false',
      'rows BIGINT false',
      'size_bytes BIGINT false',
      'extracted_at TIMESTAMP false',
      'query_mode VARCHAR false',
    ]);
    const at = '2026-06-30 12:00:00.123';
    expect(await readRows('SELECT * EXCLUDE (size_bytes) FROM _meta', path)).toEqual([
      { table_name: 'orders', description: 'All orders', rows: '3', extracted_at: at, query_mode: 'local' },
      { table_name: 'empty', description: null, rows: '0', extracted_at: at, query_mode: 'local' },
    ]);
    const sizes = await readRows('SELECT size_bytes FROM _meta', path);
    expect(sizes.map(({ size_bytes }) => Number(size_bytes))).toEqual(tables.map(({ sizeBytes }) => sizeBytes));
    expect(await readRows('SELECT * FROM orders', path)).toEqual([
      { id: '1', note: null },
      { id: '2', note: null },
      { id: '3', note: 'x' },
    ]);
    expect(await readRows('SELECT * FROM empty', path)).toEqual([]);
    expect(readdirSync(join(extractsDir, 'shop')).toSorted()).toEqual(['.staging', 'data', 'extract.duckdb']);
    expect(readdirSync(join(extractsDir, 'shop/.staging'))).toEqual([]);
  });

  test('can be attached read-only from another database', async () => {
    const extractsDir = scratchFolder();
    const tables = await publish(extractsDir, { orders: ['id\n1\n2\n'] });
    await writeExtract({ extractsDir, source: 'shop', tables });
    const path = join(extractsDir, 'shop/extract.duckdb');
    const found = await readRows(`ATTACH '${path}' AS shop (READ_ONLY); SELECT count(*) AS n FROM shop.orders`);
    expect(found).toEqual([{ n: '2' }]);
  });

  test('is replaced as a whole, and what was beside the old one does not meet the new one', async () => {
    const extractsDir = scratchFolder();
    const path = join(extractsDir, 'shop/extract.duckdb');
    const tables = await publish(extractsDir, { orders: ['id\n1\n'], items: ['id\n1\n'] });
    await writeExtract({ extractsDir, source: 'shop', tables });
    writeFileSync(`${path}.wal`, 'left behind by a writer of the old file');
    await writeExtract({ extractsDir, source: 'shop', tables: tables.slice(1) });
    expect(await readRows('SELECT table_name FROM _meta', path)).toEqual([{ table_name: 'items' }]);
    expect(existsSync(`${path}.wal`)).toBe(false);
  });

  test('leaves out a table of which a file is gone, names it, and keeps the others', async () => {
    const extractsDir = scratchFolder();
    const tables = await publish(extractsDir, { orders: ['id\n1\n'], items: ['id\n1\n'] });
    rmSync(tables[0]!.files[0]!);
    expect(await writeExtract({ extractsDir, source: 'shop', tables })).toEqual({ missing: ['orders'] });
    const path = join(extractsDir, 'shop/extract.duckdb');
    expect(await readRows('SELECT table_name FROM _meta', path)).toEqual([{ table_name: 'items' }]);
  });

  test('can be empty', async () => {
    const extractsDir = scratchFolder();
    await writeExtract({ extractsDir, source: 'shop', tables: [] });
    expect(await readRows('SELECT * FROM _meta', join(extractsDir, 'shop/extract.duckdb'))).toEqual([]);
  });

  test.each([['a"b'], ['../x'], ['']])('a table called %j is refused', async (name) => {
    const extractsDir = scratchFolder();
    const tables = [{ name, description: null, rows: 0, sizeBytes: 0, extractedAt, files: ['/x'] }];
    await expect(writeExtract({ extractsDir, source: 'shop', tables })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  test.each([['_meta'], ['_Remote_Attach'], ['ORDERS']])('a table called %s beside orders is refused', async (name) => {
    const extractsDir = scratchFolder();
    const entry = { description: null, rows: 0, sizeBytes: 0, extractedAt, files: ['/x'] };
    const tables = [
      { name: 'orders', ...entry },
      { name, ...entry },
    ];
    await expect(writeExtract({ extractsDir, source: 'shop', tables })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  const steps: PublishStep[] = ['write extract', 'sync extract', 'rename extract', 'sync source folder'];

  async function replaceWith(beforeStep: BeforeStep) {
    const extractsDir = scratchFolder();
    const tables = await publish(extractsDir, { orders: ['id\n1\n'], items: ['id\n1\n'] });
    await writeExtract({ extractsDir, source: 'shop', tables: tables.slice(1) });
    const path = join(extractsDir, 'shop/extract.duckdb');
    const before = readFileSync(path);
    const replaced = writeExtract({ extractsDir, source: 'shop', tables, beforeStep });
    return { extractsDir, path, before, replaced };
  }

  test.each(steps)('survives a full disk at "%s"', async (failingStep) => {
    const { path, extractsDir, replaced } = await replaceWith((step) => {
      if (step === failingStep) throw Object.assign(new Error('ENOSPC: /secret'), { code: 'ENOSPC' });
    });
    await expect(replaced).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    expect((await readRows('SELECT * FROM items', path)).length).toBe(1);
    expect(readdirSync(join(extractsDir, 'shop/.staging'))).toEqual([]);
  });

  test.each(steps.slice(0, 3))('is untouched by a process that stops at "%s"', async (lastStep) => {
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { path, before } = await replaceWith((step) => {
      if (step !== lastStep) return undefined;
      stop();
      return new Promise(() => {});
    });
    await stopped;
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('removal of files that nobody needs', () => {
  const longAgo = new Date('2026-01-01T00:00:00Z');
  const olderThan = new Date('2026-02-01T00:00:00Z');

  async function threeFiles() {
    const extractsDir = scratchFolder();
    const tables = await publish(extractsDir, { a: ['id\n1\n'], b: ['id\n1\n2\n'], c: ['id\n1\n2\n3\n'] });
    const paths = tables.map(({ files }) => files[0]!);
    return { extractsDir, paths };
  }

  test('takes what is old and in no kept set, and nothing else', async () => {
    const { extractsDir, paths } = await threeFiles();
    const [kept, old, young] = paths as [string, string, string];
    const foreign = join(extractsDir, 'shop/data/a/notes.txt');
    writeFileSync(foreign, 'mine');
    for (const path of [kept, old, foreign]) utimesSync(path, longAgo, longAgo);
    const removed = await removeUnreferencedFiles({ extractsDir, source: 'shop', keep: new Set([kept]), olderThan });
    expect(removed).toEqual([old]);
    expect([kept, old, young, foreign].map((path) => existsSync(path))).toEqual([true, false, true, true]);
  });

  test('spares a file that an extraction wanted again', async () => {
    const { extractsDir, paths } = await threeFiles();
    utimesSync(paths[0]!, longAgo, longAgo);
    await publish(extractsDir, { a: ['id\n1\n'] });
    expect(statSync(paths[0]!).mtime.getTime()).toBeGreaterThan(olderThan.getTime());
    expect(await removeUnreferencedFiles({ extractsDir, source: 'shop', keep: new Set(), olderThan })).toEqual([]);
  });

  test('of a source that has none does nothing', async () => {
    const gone = { extractsDir: scratchFolder(), source: 'shop', keep: new Set<string>(), olderThan };
    expect(await removeUnreferencedFiles(gone)).toEqual([]);
  });
});
