import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExtraction } from '../../src/engine/extraction.ts';
import { parquetRows, readRows } from '../../tests/kit/parquet-rows.ts';
import { scratchFolder } from '../../tests/kit/scratch-folder.ts';
import { shortPause } from '../../tests/kit/short-pause.ts';
import { connector } from './connector.ts';

/** What the connector extracts for `options` out of a folder of these files: types and rows. */
async function extract(files: Record<string, string>, options: Record<string, unknown>) {
  const data = makeFolder(files);
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'shop' });
  try {
    const table = extraction.table('orders');
    const given = { id: '1', name: 'orders', options: connector.tableOptions.parse(options) };
    await connector.extract(contextOf(data), given, table.sink);
    const { columns, files: published } = await table.finish();
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
    return { types, rows: await parquetRows(published[0]!.path) };
  } finally {
    await extraction.close();
  }
}

function makeFolder(files: Record<string, string>): string {
  const data = scratchFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(data, name)), { recursive: true });
    writeFileSync(join(data, name), content);
  }
  return data;
}

function contextOf(folder: string) {
  return { config: { folder }, readEnv: () => folder, signal: new AbortController().signal, pause: shortPause };
}

describe('folders named column=value', () => {
  const files = { 'o/month=2026-01/year=2026/a.csv': 'id\n1\n', 'o/month=2026-02/year=2027/a.csv': 'id\n2\n' };

  test('are columns behind those of the files, typed over all folders', async () => {
    expect(await extract(files, { path: 'o/**/*.csv', partitions: true })).toEqual({
      types: { id: 'BIGINT', month: 'VARCHAR', year: 'BIGINT' },
      rows: [
        { id: '1', month: '2026-01', year: '2026' },
        { id: '2', month: '2026-02', year: '2027' },
      ],
    });
  });

  test('are nothing but folders unless asked', async () => {
    expect((await extract(files, { path: 'o/**/*.csv' })).types).toEqual({ id: 'BIGINT' });
  });

  test('have given types, which are checked', async () => {
    const options = { path: 'o/**/*.csv', partitions: true };
    const { types } = await extract(files, { ...options, types: { year: 'VARCHAR', id: 'INTEGER' } });
    expect(types).toEqual({ id: 'INTEGER', month: 'VARCHAR', year: 'VARCHAR' });
    await expect(extract(files, { ...options, types: { month: 'DATE' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'types.month', message: 'the folder month=2026-01 is not a DATE; choose another type.' }],
    });
  });

  test('mean NULL when empty or called so, and are decoded', async () => {
    const { rows } = await extract(
      {
        'city=/a.ndjson': '{"id":1}\n',
        'city=__HIVE_DEFAULT_PARTITION__/a.ndjson': '{"id":2}\n',
        "city=S%C3%A3o%20'Paulo%2F1/a.ndjson": '{"id":3}\n',
        'city=100%/a.ndjson': '{"id":4}\n',
      },
      { path: '*/*.ndjson', partitions: true },
    );
    const cities = Object.fromEntries(rows.map(({ id, city }) => [String(id), city]));
    expect(cities).toEqual({ 1: null, 2: null, 3: "São 'Paulo/1", 4: '100%' });
  });

  test('hold Parquet files as DuckDB writes them', async () => {
    const data = scratchFolder();
    await readRows(
      `COPY (SELECT * FROM (VALUES (1, 'eu'), (2, 'us')) t(id, region)) TO '${data}/o' (FORMAT parquet, PARTITION_BY region)`,
    );
    const found = await connector.discover(contextOf(data));
    expect(found).toEqual([
      {
        name: 'o',
        description: '2 partitioned files as one table.',
        options: { path: 'o/region=*/*.parquet', partitions: true },
      },
    ]);
    const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'shop' });
    const table = extraction.table('orders');
    const given = { id: '1', name: 'orders', options: connector.tableOptions.parse(found[0]!.options) };
    await connector.extract(contextOf(data), given, table.sink);
    const published = await table.finish();
    expect(await parquetRows(published.files[0]!.path)).toEqual([
      { id: 1, region: 'eu' },
      { id: 2, region: 'us' },
    ]);
    await extraction.close();
  });

  test.each([
    [
      'a file beside them',
      { 'm=1/a.csv': 'id\n1\n', 'a.csv': 'id\n2\n' },
      /^a\.csv lies in no folder named column=value/,
    ],
    [
      'other columns',
      { 'm=1/a.csv': 'id\n1\n', 'y=1/a.csv': 'id\n2\n' },
      /has the partition columns m, but y=1\/a\.csv has y/,
    ],
    ['a column twice', { 'm=1/M=2/a.csv': 'id\n1\n' }, /has the partition column M twice/],
    ['a column that the files have', { 'ID=1/a.csv': 'id\n1\n' }, /^The column "ID" is in the files and in the names/],
  ])('refuse %s', async (_, given, message) => {
    await expect(extract(given, { path: '**/*.csv', partitions: true })).rejects.toThrow(message);
  });
});

test('Parquet refuses the options that would change its types, instead of leaving them unread', async () => {
  const options = { path: 'a.parquet', types: { id: 'BIGINT' } };
  await expect(extract({ 'a.parquet': '' }, options)).rejects.toThrow(/^The option types is not for Parquet/);
});
