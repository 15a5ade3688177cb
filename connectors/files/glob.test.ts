import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../tests/kit/scratch-folder.ts';
import { sinkOver } from '../../tests/kit/table-sink.ts';
import { shortPause } from '../../tests/kit/short-pause.ts';
import type { SourceFiles } from '../contract.ts';
import { connector } from './connector.ts';
import { fitsPattern } from './glob-pattern.ts';

/** A folder `data` with these files, beside a folder `private` with `secret.csv`. */
function scene(...names: string[]) {
  const top = scratchFolder();
  const [data, hidden] = [join(top, 'data'), join(top, 'private')];
  for (const path of [...names.map((name) => join(data, name)), join(hidden, 'secret.csv')]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'id\n1\n');
  }
  return { top, data, hidden };
}

/** What the connector hands to the sink for the table with `options`, without its schema: as a crafted one would come. */
async function open(folder: string, options: Record<string, unknown>, signal = new AbortController().signal) {
  const opened: { kind: string; names: string[]; paths: string[]; format: unknown }[] = [];
  const note = (kind: string) => async (files: SourceFiles, format?: unknown) => {
    const all = 'path' in files ? [files] : files;
    opened.push({ kind, names: all.map(({ name }) => name), paths: all.map(({ path }) => path), format });
  };
  const context = { config: { folder }, readEnv: () => folder, signal, pause: shortPause };
  const table = { id: '1', name: 'orders', options: options as { path: string } };
  const sink = sinkOver({
    csv: note('csv'),
    json: note('json'),
    parquet: note('parquet'),
    scratchFolder: async () => '',
  });
  await connector.extract(context, table, sink);
  return opened[0];
}

async function names(folder: string, path: string) {
  return (await open(folder, { path, format: 'csv' }))?.names;
}

describe('a pattern', () => {
  test.each([
    ['*', 'orders.csv', true],
    ['*.csv', 'orders.csv', true],
    ['*.csv', 'orders.CSV', false],
    ['*.csv', 'orders.csv.bak', false],
    ['orders-??.csv', 'orders-01.csv', true],
    ['orders-??.csv', 'orders-1.csv', false],
    ['?.csv', '🙂.csv', true],
    ['[a-c]*', 'box', true],
    ['[a-c]*', 'dog', false],
    ['[!a-c]*', 'dog', true],
    ['[!a-c]*', 'box', false],
    ['[]x]', ']', true],
    ['[a-]', '-', true],
    ['[[]a].csv', '[a].csv', true],
    ['[', '[', true],
    ['[ab', '[ab', true],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxcyyb', false],
    ['(a|b)+.$', '(a|b)+.$', true],
    ['', '', true],
    ['***', '', true],
  ])('%s on %s: %s', (pattern, name, fits) => {
    expect(fitsPattern(name, pattern)).toBe(fits);
  });

  test('of many stars takes no time', () => {
    expect(fitsPattern('a'.repeat(255), `${'*a'.repeat(100)}*b`)).toBe(false);
  });
});

describe('a path with a pattern', () => {
  test('names all files that fit, sorted by name, as one table', async () => {
    const { data } = scene('orders/b.csv', 'orders/a.csv', 'orders/c.txt', 'orders/deep/d.csv', 'a.csv');
    expect(await open(data, { path: 'orders/*.csv', nullText: 'NA' })).toEqual({
      kind: 'csv',
      names: ['orders/a.csv', 'orders/b.csv'],
      paths: [join(data, 'orders/a.csv'), join(data, 'orders/b.csv')],
      format: { nullText: 'NA' },
    });
  });

  test.each([
    ['**/*.csv', ['a.csv', 'x/b.csv', 'x/y/c.csv']],
    ['x/**', ['x/b.csv', 'x/y/c.csv', 'x/y/d.txt']],
    ['**/y/*.csv', ['x/y/c.csv']],
    ['**/**/c.csv', ['x/y/c.csv']],
    ['*/b.csv', ['x/b.csv']],
    ['x/?/c.csv', ['x/y/c.csv']],
    ['./x//*.csv', ['x/b.csv']],
    ['[ab].csv', ['a.csv']],
    ['**/.hidden.csv', ['.hidden.csv']],
    ['.git/*.csv', ['.git/g.csv']],
  ])('%s', async (path, expected) => {
    const { data } = scene('a.csv', 'x/b.csv', 'x/y/c.csv', 'x/y/d.txt', '.hidden.csv', '.git/g.csv');
    expect(await names(data, path)).toEqual(expected);
  });

  test.each(['*.txt', 'gone/*.csv', 'a.csv/*', '**/gone.csv', 'x/[!b].csv'])(
    '%s fits no file, which is told',
    async (path) => {
      const { data } = scene('a.csv', 'x/b.csv');
      await expect(open(data, { path })).rejects.toThrow(
        `No file fits ${path}; deliver one, or correct the path of the table.`,
      );
    },
  );

  test('that names a file as it stands is that file', async () => {
    const { data } = scene('[ab].csv', 'a.csv', 'b.csv');
    expect(await names(data, '[ab].csv')).toEqual(['[ab].csv']);
    expect(await names(data, '[[]ab].csv')).toEqual(['[ab].csv']);
  });

  test('counts a file once, by whatever links it is found', async () => {
    const { data } = scene('orders/2026.csv');
    symlinkSync(join(data, 'orders/2026.csv'), join(data, 'orders/latest.csv'));
    expect(await names(data, 'orders/*.csv')).toEqual(['orders/2026.csv']);
  });

  test('follows a link to a folder only where it names it', async () => {
    const { data } = scene('2026/a.csv');
    symlinkSync(join(data, '2026'), join(data, 'current'));
    symlinkSync(data, join(data, '2026/loop'));
    expect(await names(data, 'current/*.csv')).toEqual(['current/a.csv']);
    expect(await names(data, '**/*.csv')).toEqual(['2026/a.csv']);
    expect(await names(data, '*/a.csv')).toEqual(['2026/a.csv']);
  });

  test.each([
    ['*.csv', /^The file b\.csv is not inside the folder of the source/],
    ['out/*.csv', /^The folder out is not inside the folder of the source/],
    ['out/**', /^The folder out is not inside/],
    ['out/sec*', /^The folder out is not inside/],
    ['x/../../private/*.csv', /is not inside the folder of the source/],
    ['../private/*', /is not inside the folder of the source/],
    ['../*/secret.csv', /is not inside the folder of the source/],
  ])('%s never leads out of the folder', async (path, message) => {
    const { data, hidden } = scene('a.csv', 'x/a.csv');
    symlinkSync(join(hidden, 'secret.csv'), join(data, 'b.csv'));
    symlinkSync(hidden, join(data, 'out'));
    await expect(open(data, { path, format: 'csv' })).rejects.toThrow(message);
  });

  test('does not reach folders outside by an absolute path or by a link among its folders', async () => {
    const { data, hidden } = scene('a.csv');
    symlinkSync(hidden, join(data, 'out'));
    await expect(open(data, { path: `${hidden}/*.csv` })).rejects.toThrow(/^No file fits/);
    expect(await names(data, '**/*.csv')).toEqual(['a.csv']);
    await expect(open(data, { path: '*/secret.csv' })).rejects.toThrow(/^No file fits/);
  });

  test.each(['../*.csv', 'a/../../*.csv', '/etc/*', '*\0'])('%j is refused before it is stored', (path) => {
    expect(connector.tableOptions.safeParse({ path }).success).toBe(false);
  });

  test('refuses what fits and is no readable file, instead of leaving it out', async () => {
    const { data } = scene('a.csv');
    execFileSync('mkfifo', [join(data, 'b.csv')]);
    await expect(open(data, { path: '*.csv' })).rejects.toThrow(/^b\.csv is not a file/);
    const other = scene('a.csv').data;
    symlinkSync(join(other, 'gone'), join(other, 'b.csv'));
    await expect(open(other, { path: '*.csv' })).rejects.toThrow(/^The file b\.csv does not exist/);
  });

  test('wants files of one format, which an option can say', async () => {
    const { data } = scene('a.csv', 'b.tsv', 'c.txt');
    await expect(open(data, { path: '[ab].*' })).rejects.toThrow(
      'a.csv is csv, but b.tsv is tsv; narrow the path to files of one format.',
    );
    await expect(open(data, { path: '*' })).rejects.toThrow(/^The format of c\.txt cannot be told/);
    expect((await open(data, { path: '*', format: 'csv' }))?.names).toEqual(['a.csv', 'b.tsv', 'c.txt']);
  });

  test('of many ** looks for the same thing in the same folder only once', async () => {
    const folders = Array.from({ length: 40 }, (_, index) => `f${index}`);
    const { data } = scene(`${folders.join('/')}/a.csv`);
    await expect(open(data, { path: `${'**/*/'.repeat(20)}b.csv` })).rejects.toThrow(/^No file fits/);
    expect(await names(data, `${'**/*/'.repeat(20)}a.csv`)).toEqual([`${folders.join('/')}/a.csv`]);
  });

  test('stops when it is aborted', async () => {
    const reason = new Error('cancelled');
    await expect(open(scene('a.csv').data, { path: '*.csv' }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('the format of a file', () => {
  test.each([
    ['a.tsv', 'csv', { delimiter: '\t' }],
    ['a.TAB', 'csv', { delimiter: '\t' }],
    ['a.json', 'json', { lines: false }],
    ['a.ndjson', 'json', { lines: true }],
    ['a.jsonl', 'json', { lines: true }],
    ['a.parquet', 'parquet', undefined],
  ])('%s is read as %s', async (path, kind, format) => {
    const opened = await open(scene(path).data, { path });
    expect(opened).toMatchObject({ kind, names: [path] });
    expect(opened?.format).toEqual(format);
  });

  test('is what the option says, with the options that belong to it', async () => {
    const { data } = scene('a.txt');
    expect(await open(data, { path: 'a.txt', format: 'tsv', header: false })).toMatchObject({
      kind: 'csv',
      format: { delimiter: '\t', header: false },
    });
    expect(await open(data, { path: 'a.txt', format: 'ndjson', types: { id: 'BIGINT' } })).toMatchObject({
      kind: 'json',
      format: { lines: true, types: { id: 'BIGINT' } },
    });
  });

  test.each([{ delimiter: ';' }, { header: true }, { nullText: 'NA' }])('JSON refuses %j', async (option) => {
    await expect(open(scene('a.json').data, { path: 'a.json', ...option })).rejects.toThrow(
      'The options delimiter, header and nullText are for CSV and TSV; leave them out for json.',
    );
  });
});

describe('discovery', () => {
  test('offers all formats, and files whose names differ in their digits as one table too', async () => {
    const inside = [
      'a.tsv',
      'b.json',
      'c.ndjson',
      'd.jsonl',
      'e.tab',
      'f.txt',
      'x1.csv',
      'x2.json',
      '[1].csv',
      '[2].csv',
    ];
    const { data } = scene(...inside, 'orders/2026-01.csv', 'orders/2026-02.csv', 'orders/notes.csv');
    const context = {
      config: { folder: data },
      readEnv: () => data,
      signal: new AbortController().signal,
      pause: shortPause,
    };
    const found = await connector.discover(context);
    expect(found.map(({ options }) => options['path'])).toEqual([
      '[1].csv',
      '[2].csv',
      'a.tsv',
      'b.json',
      'c.ndjson',
      'd.jsonl',
      'e.tab',
      'orders/2026-01.csv',
      'orders/2026-02.csv',
      'orders/notes.csv',
      'x1.csv',
      'x2.json',
      'orders/[0-9]*-[0-9]*.csv',
    ]);
    expect(found.at(-1)).toEqual({
      name: 'orders',
      description: '2 files as one table.',
      options: { path: 'orders/[0-9]*-[0-9]*.csv' },
    });
    expect(await names(data, 'orders/[0-9]*-[0-9]*.csv')).toEqual(['orders/2026-01.csv', 'orders/2026-02.csv']);
  });
});
