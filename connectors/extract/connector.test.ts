import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExtraction } from '../../src/engine/extraction.ts';
import { writeExtractDirectory } from '../../tests/kit/extract-directory.ts';
import { parquetRows, readRows } from '../../tests/kit/parquet-rows.ts';
import { scratchFolder } from '../../tests/kit/scratch-folder.ts';
import { shortPause } from '../../tests/kit/short-pause.ts';
import { connector } from './connector.ts';
import { readViewPaths } from './view-files.ts';

function contextOf(folder: string, signal = new AbortController().signal) {
  return { config: { folder }, readEnv: () => folder, signal, pause: shortPause };
}

/** Extracts each of `tables`: its rows, or the sentence that tells why there are none. */
async function extract(folder: string, ...tables: string[]): Promise<Record<string, unknown>> {
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'old' });
  const found: Record<string, unknown> = {};
  try {
    for (const table of tables) {
      const target = extraction.table(table);
      try {
        const answer = await connector.extract(
          contextOf(folder),
          { id: '1', name: table, options: { table } },
          target.sink,
        );
        if (answer?.remote) {
          found[table] = answer.remote;
          continue;
        }
        const { files } = await target.finish();
        found[table] = await parquetRows(files[0]!.path);
      } catch (error) {
        await target.abandon();
        found[table] = (error as Error).message;
      }
    }
    return found;
  } finally {
    await extraction.close();
  }
}

const list = (...names: string[]) =>
  `INSERT INTO _meta (table_name) VALUES ${names.map((name) => `('${name.replaceAll("'", "''")}')`).join(', ')}`;
const orders = [
  `COPY (SELECT 1 AS id) TO '$data/orders.parquet' (FORMAT parquet)`,
  `CREATE VIEW orders AS SELECT * FROM read_parquet('$data/orders.parquet')`,
];
const months = [
  `COPY (SELECT 1 AS id) TO '$data/issues/2026-01.parquet' (FORMAT parquet)`,
  `COPY (SELECT 2::BIGINT AS id, 'x' AS note) TO '$data/issues/2026-02.parquet' (FORMAT parquet)`,
  `CREATE VIEW issues AS SELECT * FROM read_parquet('$data/issues/*.parquet', union_by_name = true, hive_partitioning = false)`,
];

async function extractFolder(statements: string[], meta?: string): Promise<string> {
  const folder = join(scratchFolder(), 'jira');
  mkdirSync(join(folder, 'data/issues'), { recursive: true });
  await writeExtractDirectory(folder, statements, meta);
  return folder;
}

describe('an extract directory', () => {
  test('gives single files, partitioned files, tables and views over tables', async () => {
    const folder = await extractFolder([
      ...orders,
      ...months,
      `CREATE TABLE people AS SELECT 1 AS id, 12345678901234567890123456789::HUGEINT AS large, [1, 2] AS list`,
      `CREATE VIEW totals AS SELECT count(*) AS people, sum(id) AS ids FROM extract.main.people`,
      list('orders', 'issues', 'people', 'totals'),
    ]);
    expect(await extract(folder, 'orders', 'issues', 'people', 'totals')).toEqual({
      orders: [{ id: 1 }],
      issues: [
        { id: '1', note: null },
        { id: '2', note: 'x' },
      ],
      people: [{ id: 1, large: '12345678901234567890123456789', list: [1, 2] }],
      totals: [{ people: '1', ids: '1' }],
    });
  });

  test('can have been written on another machine: the Parquet files beside it count, not the paths in its views', async () => {
    const folder = await extractFolder([...orders, ...months, list('orders', 'issues')]);
    const moved = join(scratchFolder(), 'data');
    renameSync(folder, moved);
    await readRows(`COPY (SELECT 9 AS id) TO '${join(moved, 'data/orders.parquet')}' (FORMAT parquet)`);
    mkdirSync(join(folder, 'data'), { recursive: true });
    await readRows(`COPY (SELECT 666 AS id) TO '${join(folder, 'data/orders.parquet')}' (FORMAT parquet)`);
    const found = await extract(moved, 'orders', 'issues');
    expect(found['orders']).toEqual([{ id: 9 }]);
    expect(found['issues']).toHaveLength(2);
  });

  test('offers what _meta lists, each once, without unsafe names, and says what cannot be read', async () => {
    const folder = await extractFolder([
      ...orders,
      `INSERT INTO _meta (table_name, description) VALUES ('orders', 'All orders.'), ('Orders', 'Again.'), ('gone', 'Lost.')`,
      list('bad name', 'x"; DROP TABLE y; --', '../orders', ''),
    ]);
    expect(await connector.discover(contextOf(folder))).toEqual([
      { name: 'orders', description: 'All orders.', options: { table: 'orders' } },
      {
        name: 'gone',
        description: 'Lost. The extract lists gone, but has no table or view of that name; extract it again.',
        options: { table: 'gone' },
      },
    ]);
    for (const table of ['bad name', 'x"; DROP TABLE y; --', '../orders', '', '1a', 'a'.repeat(65)]) {
      expect(connector.tableOptions.safeParse({ table }).success).toBe(false);
    }
  });

  test('reads _meta by the names of its columns, in any order and number', async () => {
    const folder = await extractFolder(
      [...orders, `INSERT INTO _meta VALUES ('later', 'Orders.', 'orders')`],
      'CREATE TABLE _meta (surprise VARCHAR, description VARCHAR, table_name VARCHAR)',
    );
    expect(await connector.discover(contextOf(folder))).toEqual([
      { name: 'orders', description: 'Orders.', options: { table: 'orders' } },
    ]);
    expect(await extract(folder, 'orders')).toEqual({ orders: [{ id: 1 }] });
  });
});

describe('one broken table costs no other', () => {
  const computing = `SELECT id + 1 AS id FROM read_parquet('$data/orders.parquet')`;
  const broken: Record<string, [statements: string[], message: RegExp]> = {
    row_only: [[], /^The extract lists row_only, but has no table or view of that name; extract it again\.$/],
    file_only: [[`COPY (SELECT 1 AS id) TO '$data/file_only.parquet' (FORMAT parquet)`], /but has no table or view/],
    no_partition: [
      [
        `COPY (SELECT 1 AS id) TO '$data/issues/1.parquet' (FORMAT parquet)`,
        `CREATE VIEW no_partition AS SELECT * FROM read_parquet('$data/issues/*.parquet')`,
      ],
      /^No file fits data\/issues\/\*\.parquet; extract the table again\.$/,
    ],
    outside: [
      [
        `COPY (SELECT 1 AS id) TO '$data/../private.parquet' (FORMAT parquet)`,
        `CREATE VIEW outside AS SELECT * FROM '$data/../private.parquet'`,
      ],
      /^The path data\/\.\.\/private\.parquet leaves the folder/,
    ],
    computing: [
      [`CREATE VIEW computing AS ${computing}`],
      /^The view computing reads files in a way that is not supported/,
    ],
    spying: [[`CREATE VIEW spying AS SELECT * FROM read_text('/etc/hostname')`], /^The view spying reads files/],
    dangling: [
      ['CREATE TABLE t AS SELECT 1 AS a', 'CREATE VIEW dangling AS SELECT * FROM t', 'DROP TABLE t'],
      /^dangling cannot be read in extract\.duckdb/,
    ],
    huge: [['CREATE TABLE huge AS SELECT [1::HUGEINT] AS l'], /^huge cannot be read: the column "l" is HUGEINT\[\]/],
    hybrid: [
      ['CREATE TABLE hybrid AS SELECT 1 AS id', `UPDATE _meta SET query_mode = 'hybrid' WHERE table_name = 'hybrid'`],
      /^hybrid has the query mode "hybrid", which is not known\.$/,
    ],
    computing_remote: [
      [
        `ATTACH ':memory:' AS far`,
        'CREATE TABLE far.t AS SELECT 1 AS id',
        'CREATE VIEW computing_remote AS SELECT id + 1 AS id FROM far.t',
        `UPDATE _meta SET query_mode = 'remote' WHERE table_name = 'computing_remote'`,
      ],
      /^The view computing_remote computes over a remote system; only SELECT \* over one of its tables is supported\.$/,
    ],
    unlisted: [
      [
        'CREATE VIEW unlisted AS SELECT * FROM far.t',
        `UPDATE _meta SET query_mode = 'remote' WHERE table_name = 'unlisted'`,
      ],
      /^The view unlisted reads far, which _remote_attach does not list; extract it again\.$/,
    ],
    remote: [
      [`UPDATE _meta SET query_mode = 'remote' WHERE table_name = 'remote'`],
      /^The extract lists remote as remote, but has no view that says what it reads; extract it again\.$/,
    ],
  };

  test('each tells its own fault in one sentence without a path, and those beside it are read', async () => {
    const names = Object.keys(broken);
    const statements = [list(...names, 'orders'), ...orders, ...Object.values(broken).flatMap(([lines]) => lines)];
    const folder = await extractFolder(statements);
    rmSync(join(folder, 'data/issues/1.parquet'));
    expect((await connector.discover(contextOf(folder))).map(({ name }) => name)).toEqual([...names, 'orders']);
    const found = await extract(folder, ...names, 'orders');
    const expected = Object.entries(broken).map(([name, [, message]]) => [name, expect.stringMatching(message)]);
    expect(found).toEqual({ ...Object.fromEntries(expected), orders: [{ id: 1 }] });
    expect(JSON.stringify(found)).not.toContain(folder);
  }, 120_000);

  test('a Parquet file that is damaged, or gone', async () => {
    const folder = await extractFolder([...orders, ...months, list('orders', 'issues')]);
    writeFileSync(join(folder, 'data/issues/2026-02.parquet'), 'PAR1');
    expect(await extract(folder, 'issues', 'orders')).toEqual({
      issues: 'data/issues/2026-02.parquet is not a readable Parquet file; write it again.',
      orders: [{ id: 1 }],
    });
    rmSync(join(folder, 'data/orders.parquet'));
    expect((await extract(folder, 'orders'))['orders']).toMatch(/^The file data\/orders\.parquet does not exist/);
  });

  test('a remote table is answered with its place in the system that _remote_attach lists, and nothing is reached', async () => {
    const folder = await extractFolder([
      ...orders,
      `ATTACH ':memory:' AS kbc`,
      'CREATE SCHEMA kbc.crm',
      'CREATE TABLE kbc.crm.deals AS SELECT 1 AS id',
      'CREATE VIEW deals AS SELECT * FROM kbc.crm.deals',
      'CREATE TABLE _remote_attach (alias VARCHAR, extension VARCHAR, url VARCHAR, token_env VARCHAR)',
      `INSERT INTO _remote_attach VALUES ('kbc', 'keboola', 'https://example.com', 'JWT_SECRET_KEY')`,
      list('orders', 'deals'),
    ]);
    expect(await extract(folder, 'deals', 'orders')).toEqual({
      deals: {
        type: 'keboola',
        url: 'https://example.com',
        tokenEnv: 'JWT_SECRET_KEY',
        schema: 'crm',
        table: 'deals',
      },
      orders: [{ id: 1 }],
    });
  });
});

describe('a directory that cannot be read at all is told in one sentence', () => {
  const tell = (error: Error) => error.message;
  const failure = (folder: string) => connector.check(contextOf(folder)).then(() => 'none', tell);

  test('without extract.duckdb', async () => {
    const folder = scratchFolder();
    const message = 'The file extract.duckdb does not exist; deliver it, or correct the path of the table.';
    expect(await failure(folder)).toBe(message);
    expect(await connector.discover(contextOf(folder)).catch(tell)).toBe(message);
    expect(await extract(folder, 'orders')).toEqual({ orders: message });
  });

  test.each([
    ['text', 'not a database'],
    ['nothing', ''],
    ['a cut-off header', Buffer.concat([Buffer.alloc(8), Buffer.from('DUCK'), Buffer.alloc(5000)])],
  ])('with %s for a database', async (_, content) => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'extract.duckdb'), content);
    expect(await failure(folder)).toMatch(
      /^extract\.duckdb (cannot be opened as a DuckDB database|has no table _meta)/,
    );
  });

  test.each([
    ['without _meta', ''],
    ['with a _meta of other columns', 'CREATE TABLE _meta (name VARCHAR)'],
    ['with a _meta that is a view', `CREATE VIEW _meta AS SELECT 'orders' AS table_name`],
  ])('%s', async (_, meta) => {
    const folder = await extractFolder(orders, meta);
    expect(await failure(folder)).toBe('extract.duckdb has no table _meta with a column table_name; extract it again.');
  });

  test('that another program is writing', async () => {
    const folder = await extractFolder([...orders, list('orders')]);
    const script = `
      const { DuckDBInstance } = await import('@duckdb/node-api');
      await DuckDBInstance.create(process.argv[1]);
      process.stdout.write('open');
      setTimeout(() => {}, 60_000);`;
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script, join(folder, 'extract.duckdb')]);
    try {
      await new Promise((resolve) => writer.stdout.once('data', resolve));
      expect(await failure(folder)).toBe(
        'extract.duckdb is open in another program; run again when that has closed it.',
      );
    } finally {
      writer.kill('SIGKILL');
    }
  });
});

describe('nothing leads out of the directory', () => {
  test('no link to a database, to a file or to a folder', async () => {
    const secret = await extractFolder([...orders, list('orders')]);
    const folder = await extractFolder([...orders, ...months, list('orders', 'issues')]);
    rmSync(join(folder, 'data/orders.parquet'));
    symlinkSync(join(secret, 'data/orders.parquet'), join(folder, 'data/orders.parquet'));
    rmSync(join(folder, 'data/issues'), { recursive: true });
    symlinkSync(join(secret, 'data'), join(folder, 'data/issues'));
    const found = await extract(folder, 'orders', 'issues');
    expect(found['orders']).toMatch(/^The file data\/orders\.parquet is not inside the folder of the source/);
    expect(found['issues']).toMatch(/^The folder data\/issues is not inside the folder of the source/);
    const linked = scratchFolder();
    symlinkSync(join(secret, 'extract.duckdb'), join(linked, 'extract.duckdb'));
    await expect(connector.check(contextOf(linked))).rejects.toThrow(/^The file extract\.duckdb is not inside/);
  });

  test('and the folder lies below an allowed root', async () => {
    const folder = await extractFolder([...orders, list('orders')]);
    const context = { ...contextOf(folder), readEnv: () => scratchFolder() };
    await expect(connector.check(context)).rejects.toThrow(/is not at or below an allowed root/);
    await expect(connector.check({ ...context, readEnv: () => undefined })).rejects.toThrow(/^No folder may be read/);
  });
});

test('a view that never ends is stopped with the run', async () => {
  const folder = await extractFolder([
    'CREATE VIEW endless AS SELECT count(*) AS n FROM range(100000000000) a, range(100000000000) b',
    list('endless'),
  ]);
  const stop = new AbortController();
  const reason = new Error('cancelled');
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'old' });
  const target = extraction.table('endless');
  const sink = {
    ...target.sink,
    async scratchFolder() {
      setTimeout(() => stop.abort(reason), 300);
      return target.sink.scratchFolder();
    },
  };
  const table = { id: '1', name: 'endless', options: { table: 'endless' } };
  await expect(connector.extract(contextOf(folder, stop.signal), table, sink)).rejects.toBe(reason);
  await extraction.close();
});

test.each<[string, string[] | undefined]>([
  [`CREATE VIEW o AS SELECT * FROM read_parquet('/x/data/o.parquet');`, ['data/o.parquet']],
  [`CREATE VIEW o AS SELECT * FROM '/data/extracts/x/data/o.parquet';`, ['data/o.parquet']],
  [`CREATE VIEW o AS SELECT * FROM "/x/data/o.parquet";`, ['data/o.parquet']],
  [`CREATE VIEW o AS SELECT * FROM "data";`, undefined],
  [
    `CREATE VIEW "o" AS SELECT * FROM read_parquet(main.list_value('/x/data/a.parquet', '/x/data/b.parquet'));`,
    ['data/a.parquet', 'data/b.parquet'],
  ],
  [
    `CREATE VIEW o AS SELECT * FROM read_parquet('/x/data/o/*.parquet', (union_by_name = CAST('t' AS BOOLEAN)), (hive_partitioning = CAST('f' AS BOOLEAN)));`,
    ['data/o/*.parquet'],
  ],
  [`CREATE VIEW o AS SELECT * FROM read_parquet('C:\\x\\data\\o.parquet')`, ['data/o.parquet']],
  [`CREATE VIEW o AS SELECT * FROM read_parquet('/x/data/it''s.parquet')`, [`data/it's.parquet`]],
  [`CREATE VIEW o AS SELECT * FROM read_parquet('/x/data/o.parquet', filename = true)`, undefined],
  [`CREATE VIEW o AS SELECT * FROM read_parquet('/x/data/m=1/o.parquet')`, undefined],
  [`CREATE VIEW o AS SELECT * FROM read_parquet('/x/o.parquet')`, undefined],
  [`CREATE VIEW o AS SELECT * FROM read_parquet(['/x/data/o.parquet', '/y/o.parquet'])`, undefined],
  [`CREATE VIEW o AS SELECT * FROM read_parquet('/x/data/o.parquet') WHERE id = 1`, undefined],
  [`CREATE VIEW o (a) AS SELECT * FROM read_parquet('/x/data/o.parquet')`, undefined],
])('%s reads %j', (sql, paths) => {
  expect(readViewPaths(sql)).toEqual(paths);
});
