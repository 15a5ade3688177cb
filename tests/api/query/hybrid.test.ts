import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSource } from '../../../src/registry/create-source.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { statementChildren } from '../../engine/statement-world.ts';
import { ask, credentialHeaders, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { statementConnector } from '../../kit/statement-connector.ts';

const mutation = `mutation ($input: HybridSqlInput!) { hybridSql(input: $input) { __typename
  ... on Error { code message } ... on InvalidInputError { fields { path message } }
  ... on HybridSqlPayload { result { columns { name type } rows truncated rowCount }
    remotes { alias source rows sizeBytes bytesBilled elapsedMs } } } }`;
const sql = 'query ($statement: String!) { sql(statement: $statement) { columns { name type } rows } }';
const endless = 'SELECT count(*) AS n FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';

const far = statementConnector();
let server: TestServer;
let spender: TestPerson;
let viewer: TestPerson;
let admin: TestPerson;
let stranger: TestPerson;

interface HybridInput {
  statement: string;
  remotes: { alias: string; source?: string; statement: string }[];
  limit?: number;
  maxBytesBilled?: string;
}

beforeAll(async () => {
  server = await startTestServer({ connectors: [far.connector] });
  const file = join(server.files, 'far.duckdb');
  const connection = await (await DuckDBInstance.create(file)).connect();
  await connection.run(`
    CREATE TABLE visits AS SELECT i AS order_id, 'page ' || i AS page, i * 1.5 AS seconds FROM range(1, 6) r(i);
    CREATE TABLE secrets AS SELECT 'SECRET-4711' AS word;
    CHECKPOINT`);
  connection.closeSync();
  const orders = await server.registerFile('orders', 'order_id,customer\n1,ada\n2,bob\n');
  await server.registerFile('salaries', 'person,salary\nada,1\n');
  await server.run(createSource, { name: 'far', connector: 'far_duckdb', config: { file } });
  await server.sync();
  spender = await server.person('spender', ['query.remote_spender']);
  stranger = await server.person('stranger', ['query.remote_spender']);
  viewer = await server.person('viewer', ['core.analyst']);
  admin = await server.person('admin', ['core.admin']);
  for (const { id } of [spender, viewer]) await server.run(grantTableAccess, { tableId: orders.id, userId: id });
});

afterAll(() => server.close());

beforeEach(() => {
  far.calls.length = 0;
  far.cancelled.length = 0;
});

function hybrid(as: TestPerson | null, input: HybridInput) {
  return ask(server, { as, query: mutation, variables: { input } });
}

const visits = { alias: 'visits', source: 'far', statement: 'SELECT order_id, page FROM visits' };
const joined = 'SELECT customer, page FROM shop.orders JOIN visits USING (order_id) ORDER BY 1';

/** Rows of the audit with this action, the newest first. */
async function audited(action: string) {
  const query = `{ auditEvents(first: 50, action: "${action}") { edges { node { actor action details } } } }`;
  const { data } = await ask(server, { as: admin, query });
  return data.auditEvents.edges.map(({ node }: { node: { actor: string; details: Record<string, unknown> } }) => node);
}

function runs(): string[] {
  return far.calls.filter(({ kind }) => kind === 'run').map(({ statement }) => statement);
}

function scratchIsEmpty(): boolean {
  const folder = join(server.dataDir, 'remote');
  return !existsSync(folder) || readdirSync(folder).length === 0;
}

describe('a hybrid statement', () => {
  test('joins what each source answers, asked exactly once, with the tables of the caller, and audits what it cost', async () => {
    const second = { alias: 'Times', statement: 'WITH v AS (FROM visits) SELECT order_id, seconds FROM v' };
    const statement =
      'SELECT customer, page, seconds FROM shop.orders JOIN visits USING (order_id) JOIN times USING (order_id) ORDER BY 1';
    const { data, errors } = await hybrid(spender, { statement, remotes: [visits, second] });
    expect(errors).toBeUndefined();
    const { result, remotes } = data.hybridSql;
    expect(result).toMatchObject({
      rows: [
        ['ada', 'page 1', '1.5'],
        ['bob', 'page 2', '3.0'],
      ],
      truncated: false,
      rowCount: 2,
    });
    expect(result.columns.map(({ type }: { type: string }) => type)).toEqual(['VARCHAR', 'VARCHAR', 'DECIMAL(21,1)']);
    expect(remotes).toMatchObject([
      { alias: 'visits', source: 'far', rows: '5', bytesBilled: '1000' },
      { alias: 'Times', source: 'far', rows: '5', bytesBilled: '2000' },
    ]);
    expect(runs().toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      [visits.statement, second.statement].toSorted((a, b) => (a < b ? -1 : 1)),
    );
    const [asked] = await audited('remotes.asked');
    expect(asked).toMatchObject({
      actor: 'spender@example.com',
      details: { statement, remotes: [{ alias: 'visits', source: 'far' }, { alias: 'Times' }] },
    });
    const [read] = await audited('remote.read');
    expect(read).toMatchObject({
      actor: 'spender@example.com',
      details: {
        statement,
        failure: null,
        remotes: [
          { name: 'visits', bytesBilled: '1000', bytesEstimated: '1000' },
          { name: 'Times', bytesBilled: '2000' },
        ],
      },
    });
    expect(JSON.stringify(await audited('remote.read'))).not.toContain('page 1');
    expect(scratchIsEmpty()).toBe(true);
  });

  test('is refused to whoever lacks the role, or has just lost it, before the source is asked', async () => {
    const { errors } = await hybrid(viewer, { statement: joined, remotes: [visits] });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', requiredRole: 'query.remote_spender' } }]);
    const former = await server.person('former', ['query.remote_spender']);
    const { data } = await ask(server, {
      as: admin,
      query: `{ user(email: "former@example.com") { roleGrants { id } } }`,
    });
    const input = { grantId: data.user.roleGrants[0].id };
    await ask(server, {
      as: admin,
      query: 'mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) { __typename } }',
      variables: { input },
    });
    const refused = await hybrid(former, { statement: 'FROM visits', remotes: [visits] });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(far.calls).toEqual([]);
  });

  test('does not show a table that the caller may not read, and asks the source for nothing', async () => {
    for (const statement of [joined, 'FROM visits, shop.salaries', 'FROM visits, shop.nothing']) {
      const { errors } = await hybrid(stranger, { statement, remotes: [visits] });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/^The table shop\.\w+ does not exist, or you may not read it/) },
      ]);
    }
    expect(runs()).toEqual([]);
  });

  test('refuses what cannot be, before anything is spent', async () => {
    const refusals: [Partial<HybridInput['remotes'][0]>, string, RegExp][] = [
      [{ alias: 'a b' }, 'remotes.0.alias', /^Use a letter/],
      [{ alias: 'Main' }, 'remotes.0.alias', /SQL uses itself/],
      [{ alias: 'duckdb_views' }, 'remotes.0.alias', /SQL uses itself/],
      [{ alias: 'shop' }, 'remotes.0.alias', /names something else/],
      [{ alias: 'other' }, 'remotes.0.alias', /does not read other/],
      [
        { source: 'shop' },
        'remotes.0.source',
        /^The source shop runs no statements. Sources that run statements: far\.$/,
      ],
      [{ source: 'none' }, 'remotes.0.source', /^There is no source "none"\./],
      [{ statement: 'DELETE FROM visits' }, 'remotes.0.statement', /begin it with SELECT or WITH/],
      [{ statement: '/* SELECT */ DROP TABLE visits' }, 'remotes.0.statement', /begin it with SELECT or WITH/],
    ];
    for (const [remote, path, message] of refusals) {
      const { data, errors } = await hybrid(spender, { statement: 'FROM visits', remotes: [{ ...visits, ...remote }] });
      if (remote.alias === 'other') expect(errors?.[0]?.message).toMatch(/^The table visits does not exist/);
      else
        expect(data.hybridSql.fields, JSON.stringify(remote)).toMatchObject([
          { path, message: expect.stringMatching(message) },
        ]);
    }
    const twice = await hybrid(spender, {
      statement: 'FROM visits',
      remotes: [visits, { ...visits, alias: 'VISITS' }],
    });
    expect(twice.data.hybridSql.fields).toMatchObject([{ path: 'remotes.1.alias' }]);
    const unread = await hybrid(spender, { statement: 'FROM visits', remotes: [visits, { ...visits, alias: 'more' }] });
    expect(unread.data.hybridSql.fields).toMatchObject([
      { path: 'remotes.1.alias', message: expect.stringMatching(/does not read more/) },
    ]);
    const cost = await hybrid(spender, { statement: 'FROM visits', remotes: [visits], maxBytesBilled: '999' });
    expect(cost.data.hybridSql.fields).toMatchObject([
      { path: 'maxBytesBilled', message: 'The remotes would read 1000 bytes; allow more, or read less.' },
    ]);
    const column = await hybrid(spender, { statement: 'SELECT nothing FROM visits', remotes: [visits] });
    expect(column.errors?.[0]?.message).toMatch(/^Binder Error: Referenced column "nothing" not found/);
    for (const statement of ['SELECT 1; SELECT 2', 'SELECT * FROM nowhere']) {
      const { errors } = await hybrid(spender, { statement: 'FROM visits', remotes: [{ ...visits, statement }] });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/^visits: The source says: /), extensions: { code: 'REMOTE_FAILED' } },
      ]);
    }
    expect(runs()).toEqual([]);
  });

  test('shares what may be billed among its remotes, so that they cannot pass it together', async () => {
    const second = {
      ...visits,
      alias: 'v2',
      statement: 'SELECT v.order_id FROM visits v JOIN visits w USING (order_id)',
    };
    const input = { statement: 'SELECT count(*) FROM visits, v2', remotes: [visits, second], maxBytesBilled: '3500' };
    expect((await hybrid(spender, input)).data.hybridSql.result.rows).toEqual([['25']]);
    const limits = far.calls.filter(({ kind }) => kind === 'run').map((call) => call.limits?.bytesBilled);
    expect(new Set(limits)).toEqual(new Set(['1250', '2250']));
  });

  test('that answers too many rows fails, and what was billed is audited all the same', async () => {
    const statement = 'SELECT r.range AS n FROM range(500001) r';
    const { errors } = await hybrid(spender, { statement: 'FROM many', remotes: [{ alias: 'many', statement }] });
    expect(errors).toMatchObject([{ message: 'many: more than 500000 rows', extensions: { code: 'REMOTE_FAILED' } }]);
    const [read] = await audited('remote.read');
    expect(read.details).toMatchObject({
      failure: 'many: more than 500000 rows',
      remotes: [{ bytesBilled: '1000', rows: null }],
    });
    expect(scratchIsEmpty()).toBe(true);
  });

  test('keeps the types of what the source answers', async () => {
    const values = [
      ['BOOLEAN', 'true', true],
      ['TINYINT', '-128', -128],
      ['UBIGINT', '18446744073709551615', '18446744073709551615'],
      ['BIGINT', '9007199254740993', '9007199254740993'],
      ['FLOAT', '0.5', 0.5],
      ['DOUBLE', "'nan'", 'NaN'],
      ['DECIMAL(38,3)', "'12345678901234567890123456789012345.678'", '12345678901234567890123456789012345.678'],
      ['VARCHAR', "'ěš 🦆'", 'ěš 🦆'],
      ['BLOB', "'\\x00\\xFF'", 'AP8='],
      ['UUID', "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'", '6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
      ['DATE', "'2024-02-29'", '2024-02-29'],
      ['TIME', "'04:05:06.123456'", '04:05:06.123456'],
      ['TIMESTAMP', "'2024-02-03 04:05:06.123456'", '2024-02-03T04:05:06.123456'],
      ['TIMESTAMP_NS', "'2024-02-03 04:05:06.123456789'", '2024-02-03T04:05:06.123456789'],
      ['TIMESTAMP WITH TIME ZONE', "'2024-02-03 04:05:06+02'", '2024-02-03T02:05:06Z'],
      ['JSON', `'{"a":[1,null]}'`, '{"a":[1,null]}'],
      ['BIGINT[]', '[1, NULL]', ['1', null]],
      ['STRUCT("a b" INTEGER, c VARCHAR[])', `{'a b': 1, 'c': ['x']}`, { 'a b': 1, c: ['x'] }],
      ['MAP(VARCHAR, INTEGER)', "MAP {'k': 1}", [{ key: 'k', value: 1 }]],
    ] as const;
    const list = values.map(([type, value], index) => `CAST(${value} AS ${type}) AS c${index}`).join(', ');
    const remotes = [{ alias: 'everything', statement: `SELECT ${list}` }];
    const { data, errors } = await hybrid(spender, { statement: 'FROM everything', remotes });
    expect(errors).toBeUndefined();
    const { columns, rows } = data.hybridSql.result;
    expect(columns.map(({ type }: { type: string }) => type)).toEqual(values.map(([type]) => type));
    expect(rows).toEqual([values.map(([, , shown]) => shown)]);
    const none = await hybrid(spender, {
      statement: 'FROM nothing',
      remotes: [{ alias: 'nothing', statement: `SELECT ${list} LIMIT 0` }],
    });
    expect(none.data.hybridSql.result).toMatchObject({ columns, rows: [] });
  });

  test('brings every other type of DuckDB with its value, or refuses it in a sentence before it spends', async () => {
    const read = [
      ['BIT', "'0101'", 'VARCHAR', '0101'],
      ["ENUM('a', 'b')", "'b'", 'VARCHAR', 'b'],
      ['TIME WITH TIME ZONE', "'01:02:03+02'", 'TIME WITH TIME ZONE', '23:02:03+00:00'],
      ['INTERVAL', "'1 month 2 days'", 'INTERVAL', 'P1M2D'],
      ['TIMESTAMP_S', "'2024-02-03 04:05:06'", 'TIMESTAMP', '2024-02-03T04:05:06'],
      ['TIMESTAMP_MS', "'2024-02-03 04:05:06.123'", 'TIMESTAMP', '2024-02-03T04:05:06.123'],
      ['INTEGER[2]', '[1, NULL]', 'INTEGER[]', [1, null]],
      ['SMALLINT', '-32768', 'SMALLINT', -32768],
      ['INTEGER', '-2147483648', 'INTEGER', -2147483648],
      ['UTINYINT', '255', 'UTINYINT', 255],
      ['USMALLINT', '65535', 'USMALLINT', 65535],
      ['UINTEGER', '4294967295', 'UINTEGER', 4294967295],
    ] as const;
    const list = read.map(([type, value], index) => `CAST(${value} AS ${type}) AS c${index}`).join(', ');
    const { data, errors } = await hybrid(spender, {
      statement: 'FROM everything',
      remotes: [{ alias: 'everything', statement: `SELECT ${list}` }],
    });
    expect(errors).toBeUndefined();
    const { columns, rows } = data.hybridSql.result;
    const types = columns.map(({ type }: { type: string }) => type);
    const found = read.map(([type, value], index) => [type, value, types[index], rows[0][index]]);
    expect(found).toEqual(read);
    far.calls.length = 0;
    const refused = {
      HUGEINT: '170141183460469231731687303715884105727::HUGEINT',
      UHUGEINT: '340282366920938463463374607431768211455::UHUGEINT',
      BIGNUM: "'123456789012345678901234567890123456789012345678'::BIGNUM",
      UNION: "'x'::UNION(n INTEGER, s VARCHAR)",
    };
    for (const [type, value] of Object.entries(refused)) {
      for (const select of [value, `[{'inner': ${value}}]`]) {
        const remotes = [{ alias: 'one', statement: `SELECT ${select} AS c` }];
        const answer = await hybrid(spender, { statement: 'FROM one', remotes });
        const message = `one: the column "c" has the type ${type}, which would lose values; cast it in the statement.`;
        expect(answer.errors).toMatchObject([{ message, extensions: { code: 'REMOTE_FAILED' } }]);
      }
    }
    expect(runs()).toEqual([]);
  });

  test('whose process is killed leaves nothing behind, and what it cost is audited', async () => {
    const statement = 'SELECT count(*) FROM visits, range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';
    const answer = hybrid(spender, { statement, remotes: [visits] });
    await expect.poll(() => statementChildren().some(({ cpuTicks }) => cpuTicks > 150), { timeout: 20_000 }).toBe(true);
    for (const { pid } of statementChildren()) process.kill(pid, 'SIGKILL');
    expect((await answer).errors).toMatchObject([{ extensions: { code: 'STATEMENT_FAILED' } }]);
    expect(scratchIsEmpty()).toBe(true);
    expect((await audited('remote.read'))[0].details).toMatchObject({
      failure: expect.stringMatching(/^The statement ended the process/),
      remotes: [{ bytesBilled: '1000', rows: 5 }],
    });
  });

  test('of which one remote fails cancels the others at their sources', async () => {
    const failing = { alias: 'failing', statement: "SELECT error('broken') AS x FROM visits" };
    const input = { statement: 'FROM failing, slow', remotes: [failing, { alias: 'slow', statement: endless }] };
    const { errors } = await hybrid(spender, input);
    expect(errors?.[0]?.message).toMatch(/^failing: The source says: .*broken/);
    expect(far.cancelled).toEqual([endless]);
    expect(scratchIsEmpty()).toBe(true);
  });

  test('is cancelled at the source when its caller goes away', async () => {
    const gone = new AbortController();
    const variables = { input: { statement: 'FROM slow', remotes: [{ alias: 'slow', statement: endless }] } };
    const request = fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...credentialHeaders(server.url, spender) },
      body: JSON.stringify({ query: mutation, variables }),
      signal: gone.signal,
    });
    await expect.poll(() => runs(), { timeout: 20_000 }).toEqual([endless]);
    gone.abort();
    await expect(request).rejects.toThrow();
    await expect.poll(() => far.cancelled, { timeout: 20_000 }).toEqual([endless]);
    await expect.poll(scratchIsEmpty, { timeout: 20_000 }).toBe(true);
    await expect
      .poll(async () => (await audited('remote.read'))[0].details.failure, { timeout: 20_000 })
      .toBe('The statement was cancelled.');
    const [read] = await audited('remote.read');
    expect(read.details).toMatchObject({
      failure: 'The statement was cancelled.',
      remotes: [{ bytesBilled: null, bytesEstimated: '1000' }],
    });
  });

  test('of one person is not seen by another who uses the same alias at the same time', async () => {
    const people = [spender, stranger];
    const answers = await Promise.all(
      people.map((person, n) =>
        hybrid(person, {
          statement: 'FROM mine',
          remotes: [{ alias: 'mine', statement: `SELECT ${n} AS n FROM visits LIMIT 1` }],
        }),
      ),
    );
    expect(answers.map(({ data }) => data.hybridSql.result.rows)).toEqual([[[0]], [[1]]]);
    const after = await ask(server, { as: spender, query: sql, variables: { statement: 'FROM mine' } });
    expect(after.errors?.[0]?.message).toMatch(/^The table mine does not exist/);
  });

  test('cannot reach through a remote’s name what it may not reach', async () => {
    for (const statement of [
      `FROM visits, '${server.dataDir}/remote/x.parquet'`,
      `SELECT * FROM visits, read_parquet('${server.dataDir}/**/*.parquet')`,
      'SELECT * FROM visits, duckdb_views()',
      "COPY visits TO '/tmp/x.csv'",
      "SELECT getenv('HOME') FROM visits",
    ]) {
      const { errors } = await hybrid(spender, { statement, remotes: [visits] });
      expect(errors?.[0]?.extensions['code'], statement).toMatch(/STATEMENT_REFUSED/);
    }
    expect(runs()).toEqual([]);
  });
});
