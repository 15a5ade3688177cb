import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExtraction } from '../../src/engine/extraction.ts';
import type { CsvFormat } from '../../src/engine/extraction-csv.ts';
import { parquetRows, readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

interface Given {
  csv?: string[];
  /** One SELECT for each Parquet file. */
  parquet?: string[];
  format?: CsvFormat;
}

/** Extracts one table out of several files, in their order, in one call of the sink. */
async function extract({ csv = [], parquet = [], format = {} }: Given, folder = scratchFolder()) {
  const files: { path: string; name: string }[] = [];
  for (const [index, content] of [...csv, ...parquet].entries()) {
    const path = join(folder, `${index}.in`);
    if (csv.length > 0) writeFileSync(path, content);
    else await readRows(`COPY (${content}) TO '${path}' (FORMAT parquet)`);
    files.push({ path, name: `orders/${index}` });
  }
  const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
  try {
    const table = extraction.table('orders');
    await (csv.length > 0 ? table.sink.csv(files, format) : table.sink.parquet(files));
    const published = await table.finish();
    const types = Object.fromEntries(published.columns.map(({ name, type }) => [name, type]));
    return { types, published, rows: await parquetRows(published.files[0]!.path) };
  } finally {
    await extraction.close();
  }
}

describe('several CSV files make one table', () => {
  test('in one Parquet file, row by row in their order, columns matched by name in any case and order', async () => {
    const { types, rows, published } = await extract({
      csv: ['id,name\n3,c\n1,a\n', 'NAME;Id;note\nb;2;x\n', 'id,name\n'],
    });
    expect(types).toEqual({ id: 'BIGINT', name: 'VARCHAR', note: 'VARCHAR' });
    expect(rows).toEqual([
      { id: '3', name: 'c', note: null },
      { id: '1', name: 'a', note: null },
      { id: '2', name: 'b', note: 'x' },
    ]);
    expect(published).toMatchObject({ rows: 3, files: [{ rows: 3 }] });
  });

  test('with types that hold for all: a code in a later file keeps those of the first as they are written', async () => {
    const { types, rows } = await extract({
      csv: ['a,b,c,d\n1.50,1,2026-01-01,\n', 'a,b,c,d\n00501,1.5,2026-01-01 10:00:00,\n', 'a,b\n7,9\n'],
    });
    expect(types).toEqual({ a: 'VARCHAR', b: 'DOUBLE', c: 'TIMESTAMP', d: 'VARCHAR' });
    expect(rows.map(({ a }) => a)).toEqual(['1.50', '00501', '7']);
    expect(rows.map(({ c }) => c)).toEqual(['2026-01-01 00:00:00', '2026-01-01 10:00:00', null]);
  });

  test('given types are checked in each, and may name a column of only one', async () => {
    const format = { types: { id: 'INTEGER', price: 'DECIMAL(5,2)' } };
    const { types, rows } = await extract({ csv: ['id\n1\n', 'id,price\n2,1.5\n'], format });
    expect(types).toEqual({ id: 'INTEGER', price: 'DECIMAL(5,2)' });
    expect(rows).toEqual([
      { id: 1, price: null },
      { id: 2, price: '1.50' },
    ]);
    await expect(extract({ csv: ['id\n1\n', 'id,price\n2,1.5\nx,1\n'], format })).rejects.toMatchObject({
      code: 'BAD_ROW',
      file: 'orders/1',
      line: 3,
    });
  });

  test.each([
    ['a bad row', 'id,name\n1\n', { code: 'BAD_ROW', file: 'orders/1', line: 2 }],
    ['an empty file', '', { code: 'UNREADABLE_FILE', message: expect.stringMatching(/^orders\/1 is empty/) }],
  ])('%s in one stops the table, and names that file', async (_, content, failure) => {
    const folder = scratchFolder();
    await expect(extract({ csv: ['id,name\n1,a\n', content] }, folder)).rejects.toMatchObject(failure);
    expect(existsSync(join(folder, 'extracts/shop/data'))).toBe(false);
    expect(readdirSync(join(folder, 'extracts/shop/.staging'))).toEqual([]);
  });

  test('a file that grows while the others are read is refused', async () => {
    const folder = scratchFolder();
    const files = ['a.csv', 'b.csv'].map((name) => ({ path: join(folder, name), name }));
    for (const { path } of files) writeFileSync(path, 'id\n1\n');
    const beforeStep = () => writeFileSync(files[1]!.path, 'id\n1\n2\n');
    const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop', beforeStep });
    await expect(extraction.table('orders').sink.csv(files, {})).rejects.toMatchObject({
      code: 'FILE_CHANGED',
      message: expect.stringMatching(/^b\.csv changed/),
    });
    await extraction.close();
  });

  test('the same files give the same file, in their order', async () => {
    const csv = [1, 2, 3].map(
      (file) => `id,note\n${Array.from({ length: 70_000 }, (_, id) => `${id},${file}\n`).join('')}`,
    );
    const [first, second] = [await extract({ csv }), await extract({ csv })];
    expect(second.published.files[0]!.sha256).toBe(first.published.files[0]!.sha256);
    const expected = (row: number) => ({ id: String(row % 70_000), note: String(1 + Math.floor(row / 70_000)) });
    expect(first.rows.findIndex(({ id, note }, row) => id !== expected(row).id || note !== expected(row).note)).toBe(
      -1,
    );
  });
});

describe('a given type', () => {
  test('DECIMAL(38,0) stores large whole numbers exactly, and HUGEINT, which Parquet does not have, is refused', async () => {
    const csv = ['id\n12345678901234567890123456789012345678\n-1\n'];
    const { types, rows } = await extract({ csv, format: { types: { id: 'DECIMAL(38,0)' } } });
    expect(types).toEqual({ id: 'DECIMAL(38,0)' });
    expect(rows).toEqual([{ id: '12345678901234567890123456789012345678' }, { id: '-1' }]);
    await expect(extract({ csv, format: { types: { id: 'HUGEINT' } } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'types.id', message: expect.stringMatching(/"HUGEINT" is not a type/) }],
    });
  });

  test.each(['DOUBLE', 'FLOAT'])('%s refuses a number that would become infinite', async (type) => {
    const format = { types: { v: type } };
    await expect(extract({ csv: ['v\n1\n1e400\n'], format })).rejects.toMatchObject({ code: 'BAD_ROW', line: 3 });
    expect((await extract({ csv: ['v\ninfinity\n'], format })).rows).toEqual([{ v: 'Infinity' }]);
  });
});

describe('several Parquet files make one table', () => {
  test('in one file; what one lacks is NULL, whole numbers take the widest type', async () => {
    const { types, rows, published } = await extract({
      parquet: [
        `SELECT 1::INTEGER AS id, 'a' AS "Name"`,
        `SELECT {'x': 1} AS extra, 'b' AS name, 9007199254740993::BIGINT AS id`,
        `SELECT 3::SMALLINT AS id WHERE false`,
      ],
    });
    expect(types).toEqual({ id: 'BIGINT', Name: 'VARCHAR', extra: 'STRUCT(x INTEGER)' });
    expect(published.files).toHaveLength(1);
    expect(rows).toEqual([
      { id: '1', Name: 'a', extra: null },
      { id: '9007199254740993', Name: 'b', extra: { x: 1 } },
    ]);
  });

  test.each([
    ['BIGINT', 'DOUBLE'],
    ['BIGINT', 'VARCHAR'],
    ['DECIMAL(10,2)', 'DECIMAL(12,4)'],
    ['DATE', 'TIMESTAMP'],
  ])('%s and %s under one name are refused, with both files', async (one, other) => {
    const parquet = [`SELECT NULL::${one} AS v`, `SELECT NULL::${other} AS v`];
    await expect(extract({ parquet })).rejects.toMatchObject({
      code: 'UNREADABLE_FILE',
      message: `The column "v" is ${other} in orders/1, but ${one} in orders/0; write it with one type.`,
    });
  });
});
