import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parquetPieces } from '../../src/engine/parquet-pieces.ts';
import { sha256 } from '../../src/kernel/ids.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

const folder = scratchFolder();

async function write(name: string, select: string): Promise<string> {
  const path = join(folder, `${name}.parquet`);
  await readRows(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  return path;
}

const rows = (count: number, changed = -1) =>
  `SELECT i AS id, 'name ' || (i % 1000) AS name, if(i = ${changed}, -1, i * 1.5) AS amount FROM range(${count}) t(i)`;

test('the pieces of a file are all of its bytes, in order', async () => {
  const path = await write('whole', rows(300_000));
  const bytes = readFileSync(path);
  let at = 0;
  for (const piece of await parquetPieces(path)) {
    expect(piece).toMatchObject({ offset: at, sha256: sha256(bytes.subarray(at, at + piece.length)) });
    at += piece.length;
  }
  expect(at).toBe(bytes.length);
});

test('rows that were added, or one that was changed, leave the pieces of the other row groups as they are', async () => {
  const before = await parquetPieces(await write('before', rows(1_000_000)));
  const known = new Set(before.map((piece) => piece.sha256));
  async function newBytes(path: string): Promise<number> {
    const pieces = await parquetPieces(path);
    return pieces.filter((piece) => !known.has(piece.sha256)).reduce((sum, { length }) => sum + length, 0);
  }
  const appended = await write('appended', rows(1_050_000));
  expect(await newBytes(appended)).toBeLessThan(statSync(appended).size / 4);
  const changed = await write('changed', rows(1_000_000, 5));
  expect(await newBytes(changed)).toBeLessThan(statSync(changed).size / 4);
});

test('what is no Parquet is refused', async () => {
  const path = join(folder, 'none.parquet');
  writeFileSync(path, 'id\n1\n');
  await expect(parquetPieces(path)).rejects.toThrow();
});
