import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BigQueryStandIn } from '../../tests/connectors/bigquery-stand-in.ts';
import { parquetRows, readRows } from '../../tests/kit/parquet-rows.ts';
import { scratchFolder } from '../../tests/kit/scratch-folder.ts';
import { notedPause } from '../../tests/kit/short-pause.ts';
import { openExtraction, type ExtractedTable } from '../../src/engine/extraction.ts';
import type { StatementLimits } from '../contract.ts';
import { sourceConfig, tableOptions } from './config.ts';
import { connector } from './connector.ts';
import { withinSeconds } from './statements.ts';

let bigquery: BigQueryStandIn;
let key: Record<string, string>;
let config: Record<string, unknown>;
let pauses: number[];
let environment: Record<string, string>;

beforeAll(async () => {
  bigquery = await BigQueryStandIn.start();
  key = bigquery.accounts.serviceAccount('agnes@example.com');
  await bigquery.table('shop.orders', `SELECT range::BIGINT AS id, 'n' || range AS name FROM range(5)`, {
    type: 'TABLE',
    description: 'All orders.',
    timePartitioning: { type: 'DAY', field: 'day' },
  });
  await bigquery.table('shop.large', `SELECT * FROM "${bigquery.project}".shop.orders WHERE id > 2`, { type: 'VIEW' });
  await bigquery.table('shop.empty', 'SELECT 1::BIGINT AS id, [1::BIGINT] AS list WHERE false');
  await bigquery.table('crm.Deals 2026', 'SELECT 1::BIGINT AS id');
});
afterAll(() => bigquery.stop());

beforeEach(() => {
  environment = { BIGQUERY_KEY: JSON.stringify(key) };
  config = { project: bigquery.project, credentials: { serviceAccountEnv: 'BIGQUERY_KEY' }, apiEndpoint: bigquery.url };
  bigquery.requests.length = 0;
  pauses = [];
});
afterEach(() => {
  Object.assign(bigquery, {
    location: 'EU',
    bytesProcessed: '1000',
    rowsPerPage: 1_000_000,
    holdJobs: false,
    beforePage: () => {},
  });
  bigquery.fields.clear();
});

function contextOf(changed: Record<string, unknown> = {}, signal = new AbortController().signal) {
  return {
    config: sourceConfig.parse({ ...config, ...changed }),
    readEnv: (name: string) => environment[name],
    signal,
    pause: notedPause(pauses),
  };
}

interface Extract {
  options: Record<string, unknown>;
  changed?: Record<string, unknown>;
  signal?: AbortSignal;
}

/** What a sync of one table publishes, and what it was charged. */
async function extract({
  options,
  changed,
  signal,
}: Extract): Promise<ExtractedTable & { bytesBilled?: string | undefined }> {
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'bq' });
  try {
    const target = extraction.table('orders');
    const table = { id: '1', name: 'orders', options: tableOptions.parse(options) };
    const answer = await connector.extract(contextOf(changed, signal), table, target.sink);
    return { ...(await target.finish()), bytesBilled: answer?.bytesBilled };
  } finally {
    await extraction.close();
  }
}

async function rowsOf(given: Extract): Promise<Record<string, unknown>[]> {
  return parquetRows((await extract(given)).files[0]!.path);
}

/** The sentence with which it fails. */
function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => expect.unreachable('it went well'),
    (error: Error) => error.message,
  );
}

async function run(statement: string, limits: StatementLimits, changed: Record<string, unknown> = {}) {
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'bq' });
  try {
    return await connector.statements!.run(contextOf(changed), { statement, limits }, extraction.table('result').sink);
  } finally {
    await extraction.close();
  }
}

const asked = (fit: RegExp) => bigquery.requests.filter((line) => fit.test(line)).length;
const orders = { dataset: 'shop', table: 'orders' };
const view = { dataset: 'shop', table: 'large' };

describe('what is read', () => {
  test('a table is listed without a job, so at no cost; a view is read by one job that is charged', async () => {
    const table = await extract({ options: orders });
    expect([table.rows, table.bytesBilled, asked(/POST .*\/jobs$/)]).toEqual([5, '0', 0]);
    const found = await extract({ options: view });
    expect([found.rows, found.bytesBilled]).toEqual([2, '10485760']);
    const job = [...bigquery.jobs.values()].at(-1)!;
    expect(job.id).toMatch(/^agnes_/);
    expect(job.configuration).toMatchObject({
      labels: { agent: 'agnes' },
      query: { query: 'SELECT * FROM `shop-project`.`shop`.`large`', maximumBytesBilled: '10737418240' },
    });
  });

  test('a result of many pages arrives whole and in order, and an empty table with its columns', async () => {
    bigquery.rowsPerPage = 2;
    expect(await rowsOf({ options: orders })).toEqual([0, 1, 2, 3, 4].map((id) => ({ id: `${id}`, name: `n${id}` })));
    const statement = 'SELECT name FROM shop.orders ORDER BY id DESC';
    expect(await rowsOf({ options: { statement: statement.replace('shop.', '`shop-project.shop`.') } })).toHaveLength(
      5,
    );
    expect(asked(/GET .*\/queries\//)).toBe(4);
    const empty = await extract({ options: { dataset: 'shop', table: 'empty' } });
    expect(empty).toMatchObject({
      rows: 0,
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'list', type: 'BIGINT[]' },
      ],
    });
  });

  test('discovery lists tables and views with kind, description and partitioning over all pages', async () => {
    expect(await connector.discover(contextOf())).toEqual([
      { name: 'crm_deals_2026', description: 'Table.', options: { dataset: 'crm', table: 'Deals 2026' } },
      { name: 'shop_empty', description: 'Table.', options: { dataset: 'shop', table: 'empty' } },
      { name: 'shop_large', description: 'View.', options: view },
      { name: 'shop_orders', description: 'All orders. Table, partitioned by day (day).', options: orders },
    ]);
    expect((await connector.discover(contextOf({ datasets: ['crm'] }))).map(({ name }) => name)).toEqual([
      'crm_deals_2026',
    ]);
  });

  test('a name is quoted, whatever stands in it', () => {
    const { tableStatement } = connector.statements!;
    const parsed = sourceConfig.parse(config);
    expect(tableStatement!(parsed, { dataset: 'shop', table: 'Größe 1' }, ['a`b', 'c\\d'])).toBe(
      'SELECT `a\\`b`, `c\\\\d` FROM `shop-project`.`shop`.`Größe 1`',
    );
    expect(tableStatement!(parsed, { statement: 'SELECT 1 AS a -- x;' }, null)).toBe(
      'SELECT * FROM (\nSELECT 1 AS a -- x\n)',
    );
    for (const table of ['a`b', 'a/b', '..', '', 'a\nb'])
      expect(tableOptions.safeParse({ dataset: 'shop', table }).success).toBe(false);
  });
});

describe('types are exact', () => {
  const select = `SELECT * FROM (VALUES
    (9223372036854775807::BIGINT, 99999999999999999999999999999.999999999::DECIMAL(38,9), 'NaN'::DOUBLE, true, 'ü "x" \\n', 'ab'::BLOB,
     DATE '9999-12-31', TIME '23:59:59.999999', TIMESTAMP '9999-12-31 23:59:59.999999', TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'),
    ('-9223372036854775808'::BIGINT, -0.000000001::DECIMAL(38,9), '-Infinity'::DOUBLE, false, '', ''::BLOB,
     DATE '0001-01-01', TIME '00:00:00', TIMESTAMP '0001-01-01 00:00:00', TIMESTAMPTZ '0001-01-01 00:00:00+00'),
    (NULL, NULL, 0.1::DOUBLE, NULL, NULL, NULL, NULL, NULL, NULL, TIMESTAMPTZ '2026-03-01 07:00:00.123457+00')
  ) AS t(i, n, f, b, s, y, d, t, dt, ts)`;

  test('plain values come there and back with their extremes', async () => {
    await bigquery.table('types.plain', select);
    const { columns, files } = await extract({ options: { dataset: 'types', table: 'plain' } });
    expect(columns.map(({ type }) => type)).toEqual([
      'BIGINT',
      'DECIMAL(38,9)',
      'DOUBLE',
      'BOOLEAN',
      'VARCHAR',
      'BLOB',
      'DATE',
      'TIME',
      'TIMESTAMP',
      'TIMESTAMP WITH TIME ZONE',
    ]);
    expect(await parquetRows(files[0]!.path)).toEqual(await readRows(select));
  });

  const nested = `SELECT * FROM (VALUES
    ({a: 1::BIGINT, l: [{t: TIMESTAMPTZ '2026-01-01 00:00:00.000001+00', n: [1.5::DECIMAL(38,9), 2]}, {t: NULL, n: []}]}, [{x: 'p'}, {x: NULL}]),
    (NULL, []),
    ({a: NULL, l: []}, [])
  ) AS t(s, l)`;

  test('structs in lists and lists in structs keep their nulls and their empty lists, from a table and from a job', async () => {
    await bigquery.table('types.nested', nested);
    const expected = await readRows(nested);
    const options = { dataset: 'types', table: 'nested' };
    expect(await rowsOf({ options })).toEqual(expected);
    expect(await rowsOf({ options: { statement: 'SELECT * FROM `shop-project.types.nested`' } })).toEqual(expected);
  });

  test('what DuckDB has no type for is text, JSON is JSON, and a decimal takes the digits that it says', async () => {
    const digits = '5.7896044618658097711785492504343953926634992332820282019728792003956564819967e+38';
    await bigquery.table(
      'types.odd',
      `SELECT '${digits}' AS big, '1.25' AS small, '{"a":[1.10,9007199254740993]}' AS j, 'POINT(1 2)' AS g, '1-2 3 4:5:6.789' AS iv,
              '[2026-01-01, UNBOUNDED)' AS r, '[1767225600000001, UNBOUNDED)' AS rt, ['1.5'] AS smalls`,
    );
    const types: Record<string, object> = {
      big: { type: 'BIGNUMERIC' },
      small: { type: 'BIGNUMERIC', precision: '38', scale: '2' },
      smalls: { type: 'NUMERIC', precision: '5', scale: '2' },
      j: { type: 'JSON' },
      g: { type: 'GEOGRAPHY' },
      iv: { type: 'INTERVAL' },
      r: { type: 'RANGE', rangeElementType: { type: 'DATE' } },
      rt: { type: 'RANGE', rangeElementType: { type: 'TIMESTAMP' } },
    };
    for (const [name, field] of Object.entries(types)) bigquery.fields.set(name, field);
    const { columns, files } = await extract({ options: { dataset: 'types', table: 'odd' } });
    expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toMatchObject({
      big: 'VARCHAR',
      small: 'DECIMAL(38,2)',
      smalls: 'DECIMAL(5,2)[]',
      j: 'JSON',
      g: 'VARCHAR',
    });
    expect(await parquetRows(files[0]!.path)).toEqual([
      {
        big: digits,
        small: '1.25',
        j: '{"a":[1.10,9007199254740993]}',
        g: 'POINT(1 2)',
        iv: '1-2 3 4:5:6.789',
        r: '[2026-01-01, UNBOUNDED)',
        rt: '[2026-01-01 00:00:00.000001+00, UNBOUNDED)',
        smalls: ['1.50'],
      },
    ]);
  });

  test('an estimate tells the types that a run gives', async () => {
    await bigquery.table('types.nested', nested);
    const { columns, bytesProcessed } = await connector.statements!.estimate(contextOf(), {
      statement: 'SELECT * FROM `shop-project.types.nested`',
    });
    expect(bytesProcessed).toBe('1000');
    const found = await extract({ options: { dataset: 'types', table: 'nested' } });
    const described = await readRows(
      `SELECT ${columns.map(({ type }, index) => `NULL::${type} AS c${index}`).join(', ')} LIMIT 0`,
    );
    expect(described).toEqual([]);
    expect(columns.map(({ name }) => name)).toEqual(found.columns.map(({ name }) => name));
  });
});

describe('what it may cost', () => {
  test('a statement that would read more than the cap is refused before it runs, with both numbers', async () => {
    bigquery.bytesProcessed = '2000000';
    const jobs = bigquery.jobs.size;
    const message = await failure(extract({ options: view, changed: { maxBytesBilled: '1000000' } }));
    expect(message).toContain('2000000 bytes');
    expect(message).toContain('at most 1000000');
    expect(await failure(run('SELECT 1 AS a', { bytesBilled: '1999999' }))).toContain('at most 1999999');
    expect(bigquery.jobs.size).toBe(jobs);
  });

  test('limits of rows and of bytes hold before and while it reads', async () => {
    // Its job had run by then, and is charged for.
    await expect(run('SELECT * FROM `shop-project.shop.orders`', { rows: 4 })).rejects.toMatchObject({
      message: expect.stringContaining('more than 4 rows'),
      bytesBilled: '10485760',
    });
    expect(await failure(extract({ options: orders, changed: { maxRows: 4 } }))).toMatch(
      /^shop.orders has more than 4 rows/,
    );
    bigquery.rowsPerPage = 1;
    const bytes = await failure(run('SELECT * FROM `shop-project.shop.orders`', { bytes: 500 }));
    expect(bytes).toMatch(/more than 500 bytes/);
    expect(asked(/GET .*\/queries\//)).toBeLessThan(7);
    expect(await run('SELECT * FROM `shop-project.shop.orders`', { rows: 5 })).toEqual({
      rows: 5,
      bytesBilled: '10485760',
    });
  });

  test('only one SELECT is run, and only over the datasets that the source names', async () => {
    for (const statement of ['DROP TABLE shop.orders', 'SELECT 1; SELECT 2', 'INSERT INTO shop.orders VALUES (1)']) {
      expect(await failure(run(statement, {}))).toMatch(/^Only a SELECT is run/);
    }
    const changed = { datasets: ['crm'] };
    expect(await failure(run('SELECT * FROM `shop-project.shop.orders`', {}, changed))).toMatch(
      /^The statement reads the dataset shop/,
    );
    expect((await run('SELECT * FROM `shop-project.crm.Deals 2026`', {}, changed)).rows).toBe(1);
    expect(await failure(run('SELECT nothing FROM `shop-project.shop.orders`', {}))).toMatch(
      /check the statement.*nothing/,
    );
  });
});

describe('it ends when it shall', () => {
  test('a cancelled run cancels its job at BigQuery and rejects with the reason', async () => {
    bigquery.holdJobs = true;
    const abort = new AbortController();
    const running = extract({ options: view, signal: abort.signal });
    running.catch(() => {});
    await expect.poll(() => asked(/GET .*\/jobs\/agnes_/)).toBeGreaterThan(0);
    const reason = new Error('cancelled by somebody');
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(bigquery.cancelled).toContain([...bigquery.jobs.keys()].at(-1));
  });

  test('one that takes too long is cancelled there, too, and says for how long it ran', async () => {
    bigquery.holdJobs = true;
    const message = await failure(run('SELECT 1 AS a', { seconds: 1 }));
    expect(message).toMatch(/^It took longer than 1 seconds and was cancelled/);
    expect(bigquery.cancelled).toContain([...bigquery.jobs.keys()].at(-1));
    await expect(withinSeconds(contextOf(), 1, () => Promise.resolve('in time'))).resolves.toBe('in time');
  });
});

describe('faults on the way', () => {
  test('429 with Retry-After is waited for, and a limit of the rate or a server at fault is tried again', async () => {
    bigquery.fail({ on: /tables\/orders$/, status: 429, reason: 'rateLimitExceeded', headers: { 'retry-after': '1' } });
    bigquery.fail({ on: /tables\/orders$/, status: 403, reason: 'rateLimitExceeded' });
    bigquery.fail({ on: /\/data$/, status: 503, reason: 'backendError', times: 2 });
    expect((await extract({ options: orders })).rows).toBe(5);
    expect(pauses).toEqual([1, 0.5, 0.25, 0.5]);
    bigquery.fail({ on: /\/data$/, status: 500, reason: 'internalError', times: 5 });
    const error = await extract({ options: orders }).catch((fault: Error) => fault);
    expect(error).toMatchObject({ retryable: true });
    bigquery.fail({ on: /\/data$/, status: 403, reason: 'quotaExceeded', message: 'Quota exceeded: x' });
    expect(await failure(extract({ options: orders }))).toMatch(
      /a quota of the project is used up.*It said: Quota exceeded: x\.$/,
    );
    expect(asked(/\/data$/)).toBe(3 + 5 + 1);
  });

  test('an insert whose answer was lost is asked again and runs once', async () => {
    const jobs = bigquery.jobs.size;
    bigquery.fail({ on: /GET .*tables\/large$/, cut: true });
    const found = extract({ options: { statement: 'SELECT 1 AS a' } });
    bigquery.fail({ on: /POST .*\/jobs$/, cut: true, times: 2 });
    expect((await found).rows).toBe(1);
    expect(bigquery.jobs.size).toBe(jobs + 1);
  });

  test('a table that changes while it is read is read again, and never with its columns shifted', async () => {
    await bigquery.table('shop.moving', 'SELECT range::BIGINT AS id FROM range(4)');
    bigquery.rowsPerPage = 2;
    let pages = 0;
    bigquery.beforePage = () =>
      pages++ === 1 ? bigquery.sql(`ALTER TABLE "shop-project".shop.moving ADD COLUMN note VARCHAR`) : undefined;
    const error = await extract({ options: { dataset: 'shop', table: 'moving' } }).catch((fault: Error) => fault);
    expect(error).toMatchObject({ message: 'shop.moving was changed while it was read; run again.', retryable: true });
    expect((await extract({ options: { dataset: 'shop', table: 'moving' } })).columns.map(({ name }) => name)).toEqual([
      'id',
      'note',
    ]);
  });

  test('a page whose place is not known any more fails the attempt, and another is made', async () => {
    bigquery.rowsPerPage = 2;
    let pages = 0;
    bigquery.beforePage = () => {
      if (pages++ === 0)
        bigquery.fail({ on: /\/data$/, status: 400, reason: 'invalid', message: 'Invalid page token' });
    };
    const error = await extract({ options: orders }).catch((fault: Error) => fault);
    expect(error).toMatchObject({ message: expect.stringMatching(/does not know any more/), retryable: true });
  });

  test('a token that ended is no end of the run', async () => {
    bigquery.rowsPerPage = 2;
    let pages = 0;
    bigquery.beforePage = () => void (pages++ === 0 && bigquery.accounts.forgetTokens());
    expect((await extract({ options: orders })).rows).toBe(5);
    expect(asked(/POST \/token$/)).toBe(2);
  });

  test('one sentence tells what is missing', async () => {
    const cases: [fault: object, told: RegExp][] = [
      [
        { status: 403, reason: 'accessDenied', message: 'Access Denied: Dataset x' },
        /lacks a permission.*Access Denied: Dataset x\.$/,
      ],
      [{ status: 403, reason: 'accessNotConfigured' }, /the BigQuery API is off/],
      [{ status: 404, reason: 'notFound', message: 'Not found: Project x' }, /found no such thing/],
    ];
    for (const [fault, told] of cases) {
      bigquery.fail({ on: /\/datasets$/, ...fault });
      expect(await failure(connector.check(contextOf()))).toMatch(told);
    }
    expect(await failure(extract({ options: view, changed: { location: 'US' } }))).toMatch(/location US\.$/);
    expect(await failure(connector.check(contextOf({ location: 'US' })))).toBe(
      'The datasets of shop-project are in EU, and the source names the location US; set location to theirs, or leave it out.',
    );
    await connector.check(contextOf({ location: 'eu' }));
    await connector.check(contextOf({ location: 'US', datasets: ['nothing_of_it'] }));
    expect(await failure(extract({ options: { ...orders, table: 'gone' } }))).toMatch(
      /find the table shop\.gone.*found no such thing/,
    );
  });
});

describe('credentials', () => {
  test('the variable that administrators may set holds the key of a service account, and never makes the server read a file', async () => {
    const credentials = { serviceAccountEnv: 'BIGQUERY_SERVICE_ACCOUNT' };
    environment = { BIGQUERY_SERVICE_ACCOUNT: JSON.stringify(key) };
    await connector.check(contextOf({ credentials }));
    const external = { type: 'external_account', credential_source: { file: '/etc/hostname' } };
    for (const value of ['/etc/hostname', JSON.stringify(external), '{', 'null']) {
      environment = { BIGQUERY_SERVICE_ACCOUNT: value };
      expect(await failure(connector.check(contextOf({ credentials })))).toBe(
        'BIGQUERY_SERVICE_ACCOUNT holds no key of a service account; set it to the JSON that Google hands out.',
      );
    }
  });

  test('a key in a variable, a key in a file, the file of a person, and an account that acts as another', async () => {
    const file = join(scratchFolder(), 'key.json');
    writeFileSync(file, JSON.stringify(bigquery.accounts.person('ada@example.com')));
    environment = { BIGQUERY_KEY: file, GOOGLE_APPLICATION_CREDENTIALS: file };
    await connector.check(contextOf());
    await connector.check(contextOf({ credentials: 'adc' }));
    bigquery.accounts.impersonators.set('ada@example.com', 'reader@example.com');
    await connector.check(contextOf({ credentials: { impersonate: 'reader@example.com' } }));
    expect(asked(/generateAccessToken/)).toBe(1);
    const refused = await failure(connector.check(contextOf({ credentials: { impersonate: 'owner@example.com' } })));
    expect(refused).toMatch(/act as owner@example\.com.*lacks a permission/);
  });

  test('a wrong key is told by its variable, never by its value', async () => {
    const other = { ...key, private_key: bigquery.accounts.serviceAccount('other@example.com')['private_key'] };
    const values = [
      JSON.stringify(other),
      JSON.stringify({ ...key, private_key: 'nonsense' }),
      '{"type":"else"}',
      '{',
      '/nowhere/key.json',
    ];
    for (const value of values) {
      environment = { BIGQUERY_KEY: value };
      const message = await failure(connector.check(contextOf()));
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(message).toContain('BIGQUERY_KEY');
      expect(message).not.toContain('nowhere');
      expect(message).not.toContain('nonsense');
    }
  });

  test('go to the configured host only, which is https or this machine, and follow no redirect', async () => {
    for (const apiEndpoint of [
      'http://example.com',
      Object.assign(new URL('https://example.com'), { username: 'ada' }).href,
      'https://example.com/x',
      'ftp://127.0.0.1',
    ]) {
      expect(sourceConfig.safeParse({ ...config, apiEndpoint }).success).toBe(false);
    }
    for (const name of ['GOOGLE_CLIENT_SECRET', 'JWT_SECRET_KEY', 'BIGQUERY_x']) {
      expect(sourceConfig.safeParse({ ...config, credentials: { serviceAccountEnv: name } }).success).toBe(false);
    }
  });
});
