import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeboolaStandIn, type Fault, type StandInTable } from '../../tests/connectors/keboola-stand-in.ts';
import { readRows } from '../../tests/kit/parquet-rows.ts';
import { scratchFolder } from '../../tests/kit/scratch-folder.ts';
import { shortPause } from '../../tests/kit/short-pause.ts';
import { openExtraction, type ExtractedTable } from '../../src/engine/extraction.ts';
import { makeConnector } from './make-connector.ts';
import { signS3Get } from './sign-s3.ts';

let standIn: KeboolaStandIn;

beforeEach(async () => {
  standIn = await KeboolaStandIn.start();
});
afterEach(() => standIn.close());

const numbers = Array.from({ length: 2000 }, (_, index) => [String(index), `text ${index}`.repeat(5)]);
const orders: StandInTable = { id: 'in.c-crm.orders', columns: ['id', 'text'], rows: numbers, primaryKey: ['id'] };

function connectorOver(patienceSeconds = 20) {
  return makeConnector({ fetch: standIn.fetch, patienceSeconds });
}

function contextOf({ token = standIn.token, signal = new AbortController().signal, config = {} } = {}) {
  const source = connectorOver().sourceConfig.parse({ stackUrl: standIn.url, ...config });
  const environment: Record<string, string> = { KEBOOLA_STORAGE_TOKEN: token };
  return { config: source, readEnv: (name: string) => environment[name], signal, pause: shortPause };
}

interface Extract {
  options?: Record<string, unknown>;
  context?: ReturnType<typeof contextOf>;
  patienceSeconds?: number;
}

/** Extracts `in.c-crm.orders`, or what the options say. */
async function extract({
  options = {},
  context = contextOf(),
  patienceSeconds = 20,
}: Extract = {}): Promise<ExtractedTable> {
  const connector = connectorOver(patienceSeconds);
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'tested', signal: context.signal });
  try {
    const table = extraction.table('orders');
    const parsed = connector.tableOptions.parse({ table: 'in.c-crm.orders', ...options });
    const answer = await connector.extract(context, { id: '1', name: 'orders', options: parsed }, table.sink);
    const { columns: _described, ...joining } = answer ?? {};
    return await table.finish(joining);
  } finally {
    await extraction.close();
  }
}

function rowsOf({ files }: ExtractedTable, select = '*'): Promise<Record<string, unknown>[]> {
  return readRows(`SELECT ${select} FROM read_parquet([${files.map(({ path }) => `'${path}'`).join()}])`);
}

/** The first so many requests that fit have this fault. */
function failing(pattern: RegExp, fault: Fault, times = 1): void {
  let left = times;
  standIn.fault = ({ method, host, path }) => {
    if (left === 0 || !pattern.test(`${method} ${host}${path}`)) return undefined;
    left -= 1;
    return fault;
  };
}

const clouds = [
  ['gcp', /storage\.googleapis\.com/],
  ['aws', /bucket\.s3\.eu-central-1\.amazonaws\.com/],
  ['azure', /\/export\//],
] as const;

describe.each(clouds)('from %s', (provider, slicePattern) => {
  beforeEach(() => {
    standIn.provider = provider;
    standIn.put(orders);
  });

  test.each([
    ['one file', 0, true],
    ['one plain file', 0, false],
    ['slices', 7, true],
    ['plain slices', 3, false],
  ])('all rows arrive in their order from %s', async (_what, slices, gzip) => {
    Object.assign(standIn, { slices, gzip });
    const table = await extract();
    expect(await rowsOf(table)).toEqual(numbers.map(([id, text]) => ({ id, text })));
    const slicesAsked = standIn.requests.filter(({ host, path }) => slicePattern.test(`${host}${path}`));
    expect(slicesAsked.length).toBe(slices);
  });

  test('the token goes to the stack only', async () => {
    standIn.slices = 2;
    await extract();
    const others = standIn.requests.filter(({ path }) => !path.startsWith('/v2/storage/'));
    expect(others.length).toBe(3);
    expect(JSON.stringify(others)).not.toContain(standIn.token);
  });

  test('a connection that is cut in the middle of a slice goes on where it was', async () => {
    standIn.slices = 3;
    failing(slicePattern, 'cut', 2);
    expect((await extract()).rows).toBe(2000);
    const resumed = standIn.requests.filter(({ headers }) => headers['range'] !== undefined);
    expect(resumed.length).toBeGreaterThan(0);
  });

  test('credentials that expire in the middle are asked for again', async () => {
    standIn.slices = 6;
    let expired = false;
    standIn.fault = ({ host, path }) => {
      if (!expired && slicePattern.test(`${host}${path}`)) {
        expired = true;
        standIn.expire();
      }
      return undefined;
    };
    expect((await extract()).rows).toBe(2000);
    expect(standIn.asked(/^GET \/v2\/storage\/files\//).length).toBe(2);
  });

  test('a storage that is busy is asked again, and one that goes on refusing fails the table in a sentence', async () => {
    standIn.slices = 2;
    failing(slicePattern, { status: 503, headers: { 'Retry-After': '0' } }, 3);
    expect((await extract()).rows).toBe(2000);
    failing(slicePattern, { status: 403 }, 1000);
    await expect(extract()).rejects.toThrow(/ refuses a part of the export \(403\); sync again\.$/);
  });
});

test('a slice that is shorter than the list of slices says fails the table', async () => {
  standIn.put(orders);
  standIn.slices = 2;
  const cut = standIn.fetch;
  const connector = makeConnector({
    patienceSeconds: 20,
    fetch: async (url, init) => {
      const response = await cut(url, init);
      const isSlice = /\/export\/\d+\/1/.test(String(url));
      return isSlice ? new Response((await response.arrayBuffer()).slice(0, 10)) : response;
    },
  });
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'tested' });
  const { sink } = extraction.table('orders');
  const options = connector.tableOptions.parse({ table: 'in.c-crm.orders' });
  await expect(connector.extract(contextOf(), { id: '1', name: 'orders', options }, sink)).rejects.toThrow(/bytes/);
  await extraction.close();
}, 30_000);

describe('the stack', () => {
  beforeEach(() => standIn.put(orders));

  test.each([
    ['429', { status: 429, headers: { 'Retry-After': '0' } }],
    ['500', { status: 500, headers: { 'Retry-After': '0' } }],
    ['503 that is no JSON', { status: 503, body: '<html>', headers: { 'Retry-After': '0' } }],
    ['a cut connection', 'cut'],
  ] as const)('that answers with %s is asked again', async (_what, fault) => {
    failing(/\/v2\/storage\/(tables|jobs|files)\//, fault, 3);
    expect((await extract()).rows).toBe(2000);
  });

  test('that stays busy fails the table so that it is tried again', async () => {
    failing(/export-async/, { status: 429, headers: { 'Retry-After': '0' } }, 100);
    await expect(extract()).rejects.toMatchObject({
      message: `${standIn.host} takes no more requests now (429); sync again later.`,
      retryable: true,
    });
    expect(standIn.asked(/export-async/)).toHaveLength(5);
  });

  test.each([
    ['does not answer', /jobs/],
    ['does not deliver', /signed/],
  ])('that %s in time is asked again', async (_what, pattern) => {
    failing(pattern, 'silence');
    expect((await extract({ patienceSeconds: 1 })).rows).toBe(2000);
  });

  test('that refuses the token is told with the variable, never with the token, and is not asked again', async () => {
    const refused = extract({ context: contextOf({ token: 'wrong-token' }) });
    await expect(refused).rejects.toMatchObject({ retryable: false });
    await refused.catch(({ message }: Error) => {
      expect(message).toMatch(/refuses the token \(401\); set KEBOOLA_STORAGE_TOKEN to /);
      expect(message).not.toContain('wrong-token');
    });
    expect(standIn.requests).toHaveLength(1);
  });

  test('that sends requests elsewhere is not followed', async () => {
    failing(/tables/, { status: 302, headers: { Location: 'http://127.0.0.1:1/' } }, 9);
    await expect(extract()).rejects.toThrow(/sends requests elsewhere; set stackUrl to the final address/);
  });

  test('without the table says so', async () => {
    await expect(extract({ options: { table: 'in.c-crm.gone' } })).rejects.toThrow(
      /^There is no table in\.c-crm\.gone in the project, or the token may not read it; /,
    );
  });

  test('whose export fails is told in its words, without the token', async () => {
    standIn.jobError = `Backend says ${standIn.token}\n is odd.`;
    await expect(extract()).rejects.toThrow(/^Keboola could not export in\.c-crm\.orders: Backend says … is odd\.$/);
  });

  test('whose export does not end is given up', async () => {
    standIn.polls = 1000;
    const context = contextOf({ config: { exportTimeoutSeconds: 1 } });
    await expect(extract({ context })).rejects.toThrow(/did not end within 1 seconds; raise exportTimeoutSeconds/);
  });

  test('is not asked any more once the run is cancelled', async () => {
    standIn.polls = 1000;
    const stop = new AbortController();
    const reason = new Error('cancelled');
    failing(/jobs/, { status: 200, body: { id: 1, status: 'waiting' } }, 1000);
    const { fault } = standIn;
    standIn.fault = (request) => {
      if (request.path.includes('jobs')) stop.abort(reason);
      return fault(request);
    };
    await expect(extract({ context: contextOf({ signal: stop.signal }) })).rejects.toBe(reason);
    expect(standIn.asked(/jobs/)).toHaveLength(1);
  });
});

test('downloads stop when the run is cancelled', async () => {
  standIn.put(orders);
  standIn.slices = 20;
  const stop = new AbortController();
  const reason = new Error('cancelled');
  standIn.fault = ({ path }) => {
    if (!path.startsWith('/export/')) return undefined;
    stop.abort(reason);
    return 'silence';
  };
  await expect(extract({ context: contextOf({ signal: stop.signal }) })).rejects.toBe(reason);
  expect(standIn.asked(/^GET \/export\//).length).toBeLessThanOrEqual(4);
});

describe('columns', () => {
  const of = (basetype: string, more: Record<string, string> = {}) =>
    Object.entries({ basetype, ...more }).map(([key, value]) => ({
      key: `KBC.datatype.${key}`,
      value,
      provider: 'user',
    }));

  test('have the types that Keboola knows, and values go there and back', async () => {
    const samples: Record<string, [metadata: ReturnType<typeof of>, value: string, type: string, back?: string]> = {
      text: [of('STRING'), ' x "quoted", é\nnext', 'VARCHAR'],
      whole: [of('INTEGER'), '-9223372036854775808', 'BIGINT'],
      price: [of('NUMERIC', { length: '38,4' }), '1234567890123456789012345678901234.5678', 'DECIMAL(38,4)'],
      wide: [of('NUMERIC', { length: '10' }), '1234567890', 'DECIMAL(10,0)'],
      open: [of('NUMERIC'), '0.000000001', 'DECIMAL(38,9)'],
      huge: [of('NUMERIC', { length: '76,38' }), '1'.repeat(60), 'VARCHAR'],
      real: [of('FLOAT'), '1.5e300', 'DOUBLE', '1.5e+300'],
      yes: [of('BOOLEAN'), '1', 'BOOLEAN', 'true'],
      day: [of('DATE'), '2026-02-28', 'DATE'],
      wall: [of('TIMESTAMP'), '2026-02-28 13:14:15.123456', 'TIMESTAMP'],
      ntz: [of('TIMESTAMP', { type: 'TIMESTAMP_NTZ' }), '2026-02-28 13:14:15', 'TIMESTAMP'],
      instant: [
        of('TIMESTAMP', { type: 'TIMESTAMP_TZ' }),
        '2026-02-28 13:14:15 +0100',
        'TIMESTAMP WITH TIME ZONE',
        '2026-02-28 12:14:15+00',
      ],
      utc: [
        of('TIMESTAMP', { type: 'TIMESTAMPTZ' }),
        '2026-02-28 13:14:15.120000000 UTC',
        'TIMESTAMP WITH TIME ZONE',
        '2026-02-28 13:14:15.12+00',
      ],
      unknown: [of('GEOGRAPHY'), 'POINT(1 2)', 'VARCHAR'],
      bare: [[], '007', 'VARCHAR'],
    };
    const columns = Object.keys(samples);
    const columnMetadata = Object.fromEntries(Object.entries(samples).map(([name, [metadata]]) => [name, metadata]));
    const rows = [Object.values(samples).map(([, value]) => value), columns.map(() => null), columns.map(() => '')];
    standIn.put({ ...orders, columns, rows, columnMetadata });
    const table = await extract();
    expect(table.columns).toEqual(Object.entries(samples).map(([name, [, , type]]) => ({ name, type })));
    const found = await rowsOf(table, columns.map((name) => `"${name}"::VARCHAR AS "${name}"`).join());
    expect(found[0]).toEqual(
      Object.fromEntries(Object.entries(samples).map(([name, [, value, , back]]) => [name, back ?? value])),
    );
    expect(Object.values(found[1]!)).toEqual(columns.map(() => null));
    expect(found[2]).toEqual(
      Object.fromEntries(table.columns.map(({ name, type }) => [name, type === 'VARCHAR' ? '' : null])),
    );
  });

  test('believe the user before enrichment, that before transformations, and nobody else', async () => {
    const said = (provider: string, value: string) => ({ key: 'KBC.datatype.basetype', value, provider });
    const columnMetadata = {
      a: [
        said('keboola.snowflake-transformation', 'FLOAT'),
        said('ai-metadata-enrichment', 'DATE'),
        said('user', 'INTEGER'),
      ],
      b: [said('keboola.snowflake-transformation', 'FLOAT'), said('ai-metadata-enrichment', 'DATE')],
      c: [said('keboola.ex-something', 'DATE'), said('keboola.snowflake-transformation', 'FLOAT')],
      d: [said('keboola.ex-something', 'DATE')],
    };
    standIn.put({ ...orders, columns: ['a', 'b', 'c', 'd'], rows: [['1', '2026-01-01', '1', 'x']], columnMetadata });
    expect((await extract()).columns.map(({ type }) => type)).toEqual(['BIGINT', 'DATE', 'DOUBLE', 'VARCHAR']);
  });

  test('of a typed table are those of its definition; a TIMESTAMP of BigQuery is an instant', async () => {
    const columns = [
      { name: 'id', basetype: 'NUMERIC', definition: { type: 'NUMBER', length: '38,0' } },
      { name: 'at', basetype: 'TIMESTAMP', definition: { type: 'TIMESTAMP' } },
    ];
    const table = {
      ...orders,
      columns: ['id', 'at'],
      rows: [['1', '2026-01-01 00:00:00+00']],
      definition: { columns },
    };
    standIn.put({ ...table, backend: 'bigquery' });
    expect((await extract()).columns.map(({ type }) => type)).toEqual(['DECIMAL(38,0)', 'TIMESTAMP WITH TIME ZONE']);
  });

  test('of an alias are those of its table', async () => {
    const columnMetadata = { id: of('INTEGER') };
    standIn.put({ ...orders, isAlias: true, sourceTable: { id: 'out.c-other.orders', columnMetadata } });
    expect((await extract()).columns[0]).toEqual({ name: 'id', type: 'BIGINT' });
  });

  test('hold what fits only: the message names the line and the option that takes text', async () => {
    standIn.put({
      ...orders,
      rows: [
        ['1', 'a\nb'],
        ['x1', 'c'],
      ],
      columnMetadata: { id: of('INTEGER') },
    });
    await expect(extract()).rejects.toThrow(
      'in.c-crm.orders, line 4: the value of "id" is not a BIGINT; mend it in Keboola, or give the table the option "types": {"id": "VARCHAR"}.',
    );
    expect((await extract({ options: { types: { id: 'VARCHAR' } } })).columns[0]?.type).toBe('VARCHAR');
  });

  test('and rows are chosen at Keboola', async () => {
    standIn.put(orders);
    const where = [{ column: 'id', operator: 'eq', values: ['7', '8'] }];
    expect(await rowsOf(await extract({ options: { columns: ['id'], where } }))).toEqual([{ id: '7' }, { id: '8' }]);
    const none = await extract({ options: { where: [{ column: 'id', values: ['none'] }] } });
    expect([none.rows, none.columns.length]).toEqual([0, 2]);
    await expect(extract({ options: { columns: ['nothing'] } })).rejects.toThrow(
      'The table in.c-crm.orders has no column "nothing"; it has id, text.',
    );
  });
});

describe('an empty table', () => {
  test.each([0, 2])('has its columns and no rows, delivered in %d slices', async (slices) => {
    standIn.put({ ...orders, rows: [] });
    standIn.slices = slices;
    const { rows, columns } = await extract();
    expect([rows, columns.map(({ name }) => name)]).toEqual([0, ['id', 'text']]);
  });
});

describe('discovery', () => {
  const tell = { key: 'KBC.description', value: 'All orders', provider: 'user' };

  beforeEach(() => {
    standIn.put({ ...orders, metadata: [tell] });
    standIn.put({ ...orders, id: 'out.c-crm.orders' });
    standIn.put({ ...orders, id: 'in.c-9-shop.My-Orders', primaryKey: [] });
  });

  test('names each table once, with bucket, description and primary key', async () => {
    expect(await connectorOver().discover(contextOf())).toEqual([
      { name: '_9_shop_my_orders', bucket: 'in.c-9-shop', primaryKey: [], options: { table: 'in.c-9-shop.My-Orders' } },
      {
        name: 'crm_orders',
        bucket: 'in.c-crm',
        primaryKey: ['id'],
        description: 'All orders',
        options: { table: 'in.c-crm.orders' },
      },
      { name: 'out_crm_orders', bucket: 'out.c-crm', primaryKey: ['id'], options: { table: 'out.c-crm.orders' } },
    ]);
  });

  test('asks bucket by bucket when the list of all fails, and leaves out a bucket that fails', async () => {
    const fault = { status: 400 };
    standIn.fault = ({ path }) => (/storage\/tables\?|c-9-shop/.test(path) ? fault : undefined);
    expect((await connectorOver().discover(contextOf())).map(({ name }) => name)).toEqual([
      'crm_orders',
      'out_crm_orders',
    ]);
    standIn.fault = ({ path }) => (/\/tables\?/.test(path) ? fault : undefined);
    await expect(connectorOver().discover(contextOf())).rejects.toThrow(/answered with 400/);
  });
});

test.each([
  'http://connection.example.com',
  'https://localhost:secret@connection.example.com',
  'https://connection.example.com/v2',
  'ftp://127.0.0.1',
  'connection.example.com',
])('the address %s of a stack is refused', (stackUrl) => {
  expect(connectorOver().sourceConfig.safeParse({ stackUrl }).success).toBe(false);
});

test.each(['DATABASE_URL', 'PATH', 'KEBOOLA', 'keboola_x'])('the variable %s is not for a token', (tokenEnv) => {
  const stackUrl = 'https://connection.example.com';
  expect(connectorOver().sourceConfig.safeParse({ stackUrl, tokenEnv }).success).toBe(false);
});

describe('what is known of columns', () => {
  const columns = ['id', 'text', 'at', 'amount'];
  const types = { id: 'BIGINT', text: 'VARCHAR', at: 'TIMESTAMP WITH TIME ZONE', amount: 'DECIMAL(18, 2)' };

  function put(more: Partial<StandInTable> = {}): StandInTable {
    const table = { id: 'in.c-crm.orders', columns, rows: [], ...more };
    standIn.put(table);
    return table;
  }

  function push(described: Record<string, string | null> = {}, context = contextOf(), patienceSeconds = 20) {
    const known = Object.entries(types).map(([name, type]) => ({ name, type, description: described[name] ?? null }));
    const connector = connectorOver(patienceSeconds);
    const options = connector.tableOptions.parse({ table: 'in.c-crm.orders' });
    return connector.describeColumns!(context, { options }, known);
  }

  const said = (key: string, value: string, provider = 'ai-metadata-enrichment') => ({ key, value, provider });
  const basetype = (value: string) => [said('KBC.datatype.basetype', value, 'user')];
  const writes = () => standIn.asked(/POST .*\/metadata/);

  test('is written in one request where Keboola says something else, and read again as the same', async () => {
    const table = put({ columnMetadata: { id: [...basetype('INTEGER'), said('KBC.description', 'Theirs', 'user')] } });
    expect(await push({ id: 'Its number', text: 'Řekl „ano“ & <no>' })).toEqual(['id', 'text', 'at', 'amount']);
    expect(writes()).toHaveLength(1);
    expect(table.columnMetadata).toEqual({
      id: [...basetype('INTEGER'), said('KBC.description', 'Theirs', 'user'), said('KBC.description', 'Its number')],
      text: [said('KBC.description', 'Řekl „ano“ & <no>')],
      at: [said('KBC.datatype.basetype', 'TIMESTAMP'), said('KBC.datatype.type', 'TIMESTAMP_TZ')],
      amount: [
        said('KBC.datatype.basetype', 'NUMERIC'),
        said('KBC.datatype.type', 'NUMERIC'),
        said('KBC.datatype.length', '18,2'),
      ],
    });
    const { columns: read } = await extract();
    expect(read.map(({ type }) => type.replaceAll(' ', ''))).toEqual(
      Object.values(types).map((type) => type.replaceAll(' ', '')),
    );
    expect(await push({ id: 'Its number', text: 'Řekl „ano“ & <no>' })).toEqual([]);
    expect(await push({ text: 'Another' })).toEqual(['text']);
    expect(JSON.parse(writes()[1]!.body)).toEqual({
      provider: 'ai-metadata-enrichment',
      columnsMetadata: { 0: [{ columnName: 'text', key: 'KBC.description', value: 'Another' }] },
    });
    expect(writes()).toHaveLength(2);
  });

  test('of an alias is written there, and its types stay those of its table', async () => {
    const sourceTable = { id: 'in.c-raw.orders', columnMetadata: { id: basetype('INTEGER'), text: basetype('DATE') } };
    const alias = put({ isAlias: true, columns: ['id', 'text'], sourceTable, rows: [['1', '2026-01-01']] });
    expect(await push({ text: 'The day' })).toEqual(['text']);
    expect(alias.columnMetadata!['text']).toContainEqual(said('KBC.description', 'The day'));
    expect((await extract()).columns).toMatchObject([{ type: 'BIGINT' }, { type: 'VARCHAR' }]);
  });

  test('of a typed table leaves the types of its definition alone', async () => {
    const definition = {
      columns: [
        { name: 'id', basetype: 'INTEGER', definition: { type: 'NUMBER', length: '38,0' } },
        { name: 'at', basetype: 'TIMESTAMP', definition: { type: 'TIMESTAMP_TZ' } },
        { name: 'amount', basetype: 'NUMERIC', definition: { type: 'NUMBER', length: '18,2' } },
      ],
    };
    put({ definition });
    expect(await push()).toEqual([]);
    expect(writes()).toEqual([]);
  });

  test('is written although Keboola is busy, fails, or cuts the connection at first', async () => {
    for (const fault of [{ status: 429, headers: { 'Retry-After': '0' } }, { status: 503 }, 'cut'] as const) {
      put();
      failing(/POST .*\/metadata/, fault);
      expect(await push({ id: 'Its number' })).toContain('id');
    }
    expect(writes()).toHaveLength(6);
  });

  test('is given up with a sentence: no token, no right, no table, no answer', async () => {
    put();
    await expect(push({}, contextOf({ token: 'wrong' }))).rejects.toThrow(
      /refuses the token \(401\); set KEBOOLA_STORAGE_TOKEN/,
    );
    failing(/POST .*\/metadata/, { status: 403 });
    await expect(push()).rejects.toThrow(/refuses the token \(403\).*may /);
    failing(/tables\/in/, 'silence', 100);
    const signal = AbortSignal.timeout(100);
    await expect(push({}, contextOf({ signal }))).rejects.toThrow();
    expect(standIn.requests.length).toBeLessThan(6);
    standIn.fault = () => undefined;
    standIn.tables.clear();
    await expect(push()).rejects.toThrow(/There is no table in\.c-crm\.orders/);
  });
});

test('a signature is that of the example which AWS publishes', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, “Example: GET Object”
  const headers = signS3Get({
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    at: new Date('2013-05-24T00:00:00Z'),
    headers: { Range: 'bytes=0-9' },
  });
  expect(headers['Authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

test('the page of the connector names each key of a source and of a table', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const { sourceConfig, tableOptions } = connectorOver() as never as Record<string, { shape: object }>;
  for (const key of [...Object.keys(sourceConfig!.shape), ...Object.keys(tableOptions!.shape)])
    expect(readme).toContain(`\`${key}\``);
});
