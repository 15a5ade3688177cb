import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSession } from '../../src/engine/extraction-session.ts';
import { writeParquet } from '../../src/engine/parquet.ts';
import { parquetPieces } from '../../src/engine/parquet-pieces.ts';
import { sha256 } from '../../src/kernel/ids.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

async function write(select: string): Promise<string> {
  const path = join(scratchFolder(), 'rows.parquet');
  await readRows(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  return path;
}

const rows = (count: number, changed = -1) =>
  `SELECT i AS id, 'name ' || (i % 1000) AS name, if(i = ${changed}, -1, i * 1.5) AS amount FROM range(${count}) t(i)`;

test('the pieces of a file are all of its bytes, in order', async () => {
  const path = await write(rows(300_000));
  const bytes = readFileSync(path);
  let at = 0;
  for (const piece of await parquetPieces(path)) {
    expect(piece).toMatchObject({ offset: at, sha256: sha256(bytes.subarray(at, at + piece.length)) });
    at += piece.length;
  }
  expect(at).toBe(bytes.length);
});

test('rows that were added, or one that was changed, leave the pieces of the other row groups as they are', async () => {
  const before = await parquetPieces(await write(rows(1_000_000)));
  const known = new Set(before.map((piece) => piece.sha256));
  async function newBytes(path: string): Promise<number> {
    const pieces = await parquetPieces(path);
    return pieces.filter((piece) => !known.has(piece.sha256)).reduce((sum, { length }) => sum + length, 0);
  }
  const appended = await write(rows(1_050_000));
  expect(await newBytes(appended)).toBeLessThan(statSync(appended).size / 4);
  const changed = await write(rows(1_000_000, 5));
  expect(await newBytes(changed)).toBeLessThan(statSync(changed).size / 4);
});

test('of rows that are added to a published file at most 2 MB are new besides them, however wide the rows are', async () => {
  const folder = scratchFolder();
  const session = await openSession({
    temporaryFolder: folder,
    memoryLimitMb: 500,
    signal: new AbortController().signal,
  });
  onTestFinished(() => session.close());
  for (const columns of [1, 10, 60]) {
    const values = Array.from({ length: columns }, (_, column) => `hash(i, ${column}) AS c${column}`).join();
    async function publish(count: number) {
      const path = join(folder, `${columns}-${count}.parquet`);
      const written = await writeParquet(session, `SELECT ${values} FROM range(${count}) t(i)`, path);
      expect(written).toBe(count);
      return parquetPieces(path);
    }
    const count = Math.round(24_000_000 / columns / 8);
    const known = new Set((await publish(count)).map((piece) => piece.sha256));
    const grown = await publish(Math.round(count * 1.05));
    const fresh = grown.filter((piece) => !known.has(piece.sha256)).reduce((sum, { length }) => sum + length, 0);
    expect(fresh).toBeGreaterThan(1_200_000);
    expect(fresh).toBeLessThan(1_200_000 + 2_000_000 + 300_000);
  }
});

test('what is no Parquet is refused', async () => {
  const path = join(scratchFolder(), 'none.parquet');
  writeFileSync(path, 'id\n1\n');
  await expect(parquetPieces(path)).rejects.toThrow();
});
