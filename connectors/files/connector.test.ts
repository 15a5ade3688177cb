import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { conversionTo } from '../../src/engine/extraction-csv-types.ts';
import { scratchFolder } from '../../tests/kit/scratch-folder.ts';
import { sinkOver } from '../../tests/kit/table-sink.ts';
import { shortPause } from '../../tests/kit/short-pause.ts';
import type { SourceFile, SourceFiles } from '../contract.ts';
import { connector } from './connector.ts';

function contextOf(folder: string, allowedRoots: string | undefined) {
  return {
    config: connector.sourceConfig.parse({ folder }),
    readEnv: (name: string) => (name === 'FILES_ALLOWED_ROOTS' ? allowedRoots : undefined),
    signal: new AbortController().signal,
    pause: shortPause,
  };
}

function check(folder: string, allowedRoots: string | undefined): Promise<void> {
  return connector.check(contextOf(folder, allowedRoots));
}

/** Two folders: `data` is allowed and holds `orders.csv`, `private` is not and holds `secret.csv`. */
function scene() {
  const top = scratchFolder();
  const [data, hidden] = [join(top, 'data'), join(top, 'private')];
  mkdirSync(data);
  mkdirSync(hidden);
  writeFileSync(join(data, 'orders.csv'), 'id\n1\n');
  writeFileSync(join(hidden, 'secret.csv'), 'id\n1\n');
  return { top, data, hidden };
}

/** What the connector hands to the sink for the table with `options`. */
async function open(folder: string, options: Record<string, unknown>, allowedRoots = folder) {
  const opened: { kind: string; files: readonly SourceFile[]; format?: unknown }[] = [];
  const note = (kind: string) => async (files: SourceFiles, format?: unknown) => {
    opened.push({ kind, files: 'path' in files ? [files] : files, format });
  };
  const sink = sinkOver({
    csv: note('csv'),
    json: note('json'),
    parquet: note('parquet'),
    scratchFolder: async () => '',
  });
  // As a crafted registration would carry it: the schema is asked in its own tests.
  const table = { id: '1', name: 'orders', options: options as { path: string } };
  await connector.extract(contextOf(folder, allowedRoots), table, sink);
  return opened[0];
}

describe('allowed roots', () => {
  const notAllowed = /is not at or below an allowed root; .*FILES_ALLOWED_ROOTS/;

  test.each([undefined, '', ':', ' '])(
    'without any (%j) nothing is readable, and the variable is named',
    async (roots) => {
      await expect(check(scene().data, roots)).rejects.toThrow(/^No folder may be read; set FILES_ALLOWED_ROOTS /);
    },
  );

  test('a relative root is refused', async () => {
    await expect(check(scene().data, 'data')).rejects.toThrow(/holds "data", which is not absolute/);
  });

  test('the root itself, folders below it, and any of several roots are readable', async () => {
    const { top, data, hidden } = scene();
    mkdirSync(join(data, 'a/b'), { recursive: true });
    await check(data, data);
    await check(`${data}/`, data);
    await check(data, `${data}///`);
    await check(join(data, 'a/b'), data);
    await check(join(data, 'a/../a/b/.'), data);
    await check(hidden, `${join(top, 'gone')}:${data}:${hidden}`);
  });

  test.each([
    ['a folder beside the root', 'private'],
    ['the parent of the root', ''],
    ['a way out by ..', 'data/../private'],
    ['a folder whose name begins like the root', 'data2'],
    ['a folder that does not exist', 'nothing'],
  ])('%s is refused', async (_, path) => {
    const { top, data } = scene();
    mkdirSync(join(top, 'data2'));
    await expect(check(`${top}/${path}`, data)).rejects.toThrow(notAllowed);
  });

  test('a link that leads out of the root is refused, also above the folder and also by ..', async () => {
    const { top, data, hidden } = scene();
    mkdirSync(join(hidden, 'inner'));
    symlinkSync(hidden, join(data, 'out'));
    symlinkSync(join(hidden, 'inner'), join(data, 'inner'));
    for (const folder of ['out', 'out/inner', 'inner', 'inner/..', 'inner/../inner']) {
      await expect(check(`${data}/${folder}`, data)).rejects.toThrow(notAllowed);
    }
    symlinkSync(data, join(top, 'alias'));
    await check(join(top, 'alias'), `${top}/alias`);
    await check(data, `${top}/alias`);
  });

  test('they are asked again each time a file is opened', async () => {
    const { data, hidden } = scene();
    expect(await open(data, { path: 'orders.csv' })).toMatchObject({ kind: 'csv' });
    await expect(open(data, { path: 'orders.csv' }, hidden)).rejects.toThrow(notAllowed);
  });
});

describe('a file', () => {
  const outside = /is not inside the folder of the source/;

  test('is handed on by its real path and called by its own', async () => {
    const { data } = scene();
    mkdirSync(join(data, 'old'));
    writeFileSync(join(data, 'old/orders.csv'), 'id\n1\n');
    symlinkSync(join(data, 'old/orders.csv'), join(data, 'current.csv'));
    expect(await open(data, { path: 'current.csv', nullText: 'NA' })).toEqual({
      kind: 'csv',
      files: [{ path: join(data, 'old/orders.csv'), name: 'current.csv' }],
      format: { nullText: 'NA' },
    });
  });

  test.each(['../private/secret.csv', 'x/../../private/secret.csv', 'link.csv', 'folder/secret.csv', 'chain.csv'])(
    'outside of the folder is refused: %s',
    async (path) => {
      const { data, hidden } = scene();
      symlinkSync(join(hidden, 'secret.csv'), join(data, 'link.csv'));
      symlinkSync(join(data, 'link.csv'), join(data, 'chain.csv'));
      symlinkSync(hidden, join(data, 'folder'));
      await expect(open(data, { path })).rejects.toThrow(outside);
    },
  );

  test('outside is refused by an absolute path too', async () => {
    const { data, hidden } = scene();
    await expect(open(data, { path: join(hidden, 'secret.csv') })).rejects.toThrow(outside);
  });

  test('that is a pipe is refused instead of waited for', async () => {
    const { data } = scene();
    execFileSync('mkfifo', [join(data, 'pipe.csv')]);
    await expect(open(data, { path: 'pipe.csv' })).rejects.toThrow(
      'pipe.csv is not a file; name one file of the source.',
    );
  });

  test.each([
    ['that is missing', 'gone.csv', /^The file gone.csv does not exist; /],
    ['below another file', 'orders.csv/x.csv', /does not exist/],
    ['that links to itself', 'loop.csv', /cannot be resolved \(ELOOP\)/],
    ['that is a folder', 'folder.csv', /is not a file/],
    ['without a known extension', 'notes.txt', /set the option format to csv, tsv, json, ndjson or parquet/],
  ])('%s is refused in one sentence that names it', async (_, path, message) => {
    const { data } = scene();
    mkdirSync(join(data, 'folder.csv'));
    writeFileSync(join(data, 'notes.txt'), 'x');
    symlinkSync(join(data, 'loop.csv'), join(data, 'loop.csv'));
    await expect(open(data, { path })).rejects.toThrow(message);
  });

  test('has the format of its extension unless another is given', async () => {
    const { data } = scene();
    writeFileSync(join(data, 'A.PARQUET'), 'x');
    writeFileSync(join(data, 'notes.txt'), 'x');
    expect(await open(data, { path: 'A.PARQUET' })).toMatchObject({ kind: 'parquet' });
    expect(await open(data, { path: 'notes.txt', format: 'csv' })).toMatchObject({ kind: 'csv' });
    expect(await open(data, { path: 'orders.csv', format: 'parquet' })).toMatchObject({ kind: 'parquet' });
  });

  test.skipIf(process.getuid?.() === 0)('that may not be read is refused', async () => {
    const { data } = scene();
    chmodSync(join(data, 'orders.csv'), 0o000);
    await expect(open(data, { path: 'orders.csv' })).rejects.toThrow(/cannot be read/);
  });
});

describe('a source', () => {
  test('whose folder is gone, or is a file, is refused', async () => {
    const { data } = scene();
    await expect(check(join(data, 'gone'), data)).rejects.toThrow(/does not exist; create it/);
    await expect(check(join(data, 'orders.csv'), data)).rejects.toThrow(/is not a folder/);
  });

  test.each([{ folder: 'data' }, { folder: '' }, {}, { folder: '/data\0' }, { folder: '/data', root: '/' }])(
    'of this shape is refused: %j',
    (config) => {
      expect(connector.sourceConfig.safeParse(config).success).toBe(false);
    },
  );
});

describe('options of a table', () => {
  test.each([
    [{}],
    [{ path: '' }],
    [{ path: '/etc/passwd' }],
    [{ path: '../orders.csv' }],
    [{ path: 'a/../../orders.csv' }],
    [{ path: 'orders.csv\0' }],
    [{ path: 'orders.csv', format: 'xml' }],
    [{ path: 'orders.csv', delimiter: ',,' }],
    [{ path: 'orders.csv', delimiter: '"' }],
    [{ path: 'orders.csv', delimiter: 'a' }],
    [{ path: 'orders.csv', types: { id: "INTEGER'; DROP TABLE x; --" } }],
    [{ path: 'orders.csv', types: { id: 'DECIMAL(40,2)' } }],
    [{ path: 'orders.csv', types: { id: 'BLOB' } }],
    // Parquet has no such type: DuckDB would store DOUBLE and lose digits; DECIMAL(38,0) keeps them.
    [{ path: 'orders.csv', types: { id: 'HUGEINT' } }],
  ])('are refused: %j', (options) => {
    expect(connector.tableOptions.safeParse(options).success).toBe(false);
  });

  test.each([',', ';', '\t', '|', ' ', ':', '~', '#'])('take %j as delimiter', (delimiter) => {
    expect(connector.tableOptions.safeParse({ path: 'orders.csv', delimiter }).success).toBe(true);
  });

  test('name types that the extraction knows', () => {
    const names = connector.tableOptions.safeParse({ path: 'x.csv', types: { id: 'no type' } }).error?.issues[0]
      ?.message;
    const types =
      names
        ?.replace('must be one of ', '')
        .replace('(width,scale)', '(10, 2)')
        .split(/, (?=[A-Z])/) ?? [];
    expect(types.length).toBeGreaterThan(15);
    for (const type of types) {
      const parsed = connector.tableOptions.parse({ path: 'x.csv', types: { id: type.toLowerCase() } });
      expect(conversionTo(parsed.types?.['id'] ?? '', {}, 'types').type).not.toBe('');
    }
  });
});

describe('discovery', () => {
  test('offers CSV and Parquet files at every depth, sorted, under names that are safe and unique', async () => {
    const { data, hidden } = scene();
    const inside = [
      '2024/Größe-Übersicht.CSV',
      'a b.csv',
      'a-b.csv',
      'sales/eu/orders.parquet',
      '名前.csv',
      `${'x'.repeat(80)}.csv`,
    ];
    mkdirSync(join(data, '2024'));
    mkdirSync(join(data, 'sales/eu'), { recursive: true });
    mkdirSync(join(data, '.git'));
    for (const path of [...inside, '.git/x.csv', '.hidden.csv', 'notes.txt']) writeFileSync(join(data, path), 'id\n');
    symlinkSync(join(hidden, 'secret.csv'), join(data, 'stolen.csv'));
    symlinkSync(hidden, join(data, 'elsewhere'));
    symlinkSync(data, join(data, 'sales/loop'));
    symlinkSync(join(data, 'a b.csv'), join(data, 'latest.csv'));
    expect(await connector.discover(contextOf(data, data))).toEqual([
      { name: '_2024_grosse_ubersicht', options: { path: '2024/Größe-Übersicht.CSV' } },
      { name: 'a_b', options: { path: 'a b.csv' } },
      { name: 'a_b_2', options: { path: 'a-b.csv' } },
      { name: 'latest', options: { path: 'latest.csv' } },
      { name: 'orders', options: { path: 'orders.csv' } },
      { name: 'sales_eu_orders', options: { path: 'sales/eu/orders.parquet' } },
      { name: 'x'.repeat(64), options: { path: `${'x'.repeat(80)}.csv` } },
      { name: '_', options: { path: '名前.csv' } },
    ]);
  });
});
