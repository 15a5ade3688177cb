import { beforeAll, describe, expect, test } from 'vitest';
import { deleteRoleGrant } from '../../../src/access/role-grant.store.ts';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { loadMetrics } from '../../../src/catalog/load-metrics.ts';
import { registerTable } from '../../../src/registry/register-table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const orders = `id,channel,day,at,amount,web
1,web,2026-01-05,2026-01-05 10:00:00,10.00,true
2,partner,2026-01-20,2026-01-20 23:59:59,20.00,false
3,web,2026-02-03,2026-02-03 00:00:00,40.00,true
4,it's,2026-02-04,2026-02-04 12:00:00,80.00,false
`;
const revenue = `name: revenue
category: sales
table: shop.orders
time_column: day
dimensions: [channel, web, id]
synonyms: [turnover]
sql: SELECT sum(amount)::INTEGER AS revenue FROM shop.orders
sql_by_channel: SELECT channel, sum(amount)::INTEGER AS revenue FROM shop.orders GROUP BY ALL ORDER BY ALL
`;
const warningFields = 'warnings { file line column metricId message }';

describeServersOnBoth((server) => {
  let curator: TestPerson;
  let reader: TestPerson;
  let stranger: TestPerson;
  let ordersId: string;

  beforeAll(async () => {
    curator = await server().person('curator', ['core.km_admin']);
    reader = await server().person('reader', ['core.viewer']);
    stranger = await server().person('stranger', ['core.viewer']);
    ordersId = (await server().registerFile('orders', orders)).id;
    // The same file under another name, and under an alias.
    const again = { source: 'shop', name: 'orders_again', alias: 'sold', options: { path: 'orders.csv' } };
    const aliased = await server().run(registerTable, again);
    for (const tableId of [ordersId, aliased.id]) {
      for (const { id } of [reader, curator]) await server().run(grantTableAccess, { tableId, userId: id });
    }
    await server().registerFile('salaries', 'person,salary\nada,1\n');
    await server().sync();
  });

  function change(field: string, input: Record<string, unknown>, payload = '', as = curator) {
    return mutate(server(), { token: as.token }, { field, input, payload });
  }

  function importFiles(content: string, { path = 'sales/revenue.yml', dryRun = false } = {}) {
    const payload = `dryRun created updated unchanged ${warningFields}`;
    return change('importMetrics', { files: [{ path, content }], dryRun }, payload);
  }

  function save(input: Record<string, unknown>) {
    return change('saveMetric', { category: 'own', ...input }, `created metric { id } ${warningFields}`);
  }

  async function idsSeenBy(person: TestPerson, args = ''): Promise<string[]> {
    const query = `{ metrics${args} { edges { node { id } } } }`;
    const { data } = await ask(server(), { as: { token: person.token }, query });
    return data.metrics.edges.map(({ node }: any) => node.id);
  }

  async function run(args: string, as = reader): Promise<any> {
    const query = `{ runMetric(${args}) { columns { name } rows truncated } }`;
    const { data, errors } = await ask(server(), { as: { token: as.token }, query });
    return errors ? { code: errors[0]!.extensions['code'], message: errors[0]!.message } : data.runMetric;
  }

  async function times(id = 'sales/revenue'): Promise<unknown> {
    const query = `{ metric(id: "${id}") { createdAt updatedAt source } }`;
    return (await ask(server(), { as: { token: curator.token }, query })).data.metric;
  }

  describe('an import', () => {
    test('as a dry run stores nothing', async () => {
      const told = { dryRun: true, created: 1, updated: 0, unchanged: 0, warnings: [] };
      expect(await importFiles(revenue, { dryRun: true })).toEqual({ __typename: 'ImportMetricsPayload', ...told });
      expect(await idsSeenBy(curator)).toEqual([]);
      expect(await newestEvent(server())).toMatchObject({ details: { created: ['sales/revenue'], dryRun: true } });
    });

    test('creates; the same file again changes nothing, not even the time; another word does', async () => {
      expect(await importFiles(revenue)).toMatchObject({ created: 1, updated: 0, unchanged: 0, warnings: [] });
      const first = await times();
      expect(await importFiles(`# a comment\n${revenue}`)).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
      expect(await times()).toEqual(first);
      expect(await importFiles(`${revenue}unit: USD\n`)).toMatchObject({ created: 0, updated: 1, unchanged: 0 });
      const second: any = await times();
      expect(second.createdAt).toBe((first as any).createdAt);
      expect(second.updatedAt > second.createdAt).toBe(true);
      expect(await newestEvent(server())).toEqual({
        actor: 'curator@example.com',
        credential: 'pat',
        action: 'metrics.imported',
        resource: 'metrics:import',
        details: { created: [], updated: ['sales/revenue'], unchanged: 0, dryRun: false },
      });
    });

    test('with a fault in one file stores none, tells every fault with its place, and is not audited', async () => {
      const before = await eventCount(server());
      const query = `mutation ($input: ImportMetricsInput!) { importMetrics(input: $input) {
        ... on InvalidMetricsError { code faults { file line column message } } } }`;
      const files = [
        { path: 'own/good.yml', content: 'name: good\nsql: SELECT 1\n' },
        { path: 'own/bad.yml', content: 'name: bad\nsql: SELECT 1\nuint: USD\n' },
        { path: 'own/worse.yml', content: 'name: worse\n' },
      ];
      const { data } = await ask(server(), { as: { token: curator.token }, query, variables: { input: { files } } });
      expect(data.importMetrics).toEqual({
        code: 'INVALID_METRICS',
        faults: [
          { file: 'own/bad.yml', line: 3, column: 1, message: 'There is no key "uint". Did you mean unit?' },
          { file: 'own/worse.yml', line: 1, column: 1, message: 'sql: This is required.' },
        ],
      });
      expect(await idsSeenBy(curator)).toEqual(['Metric:sales/revenue']);
      expect(await eventCount(server())).toBe(before);
    });

    test('warns, with the place, of what does not fit the tables that the curator may read', async () => {
      const misfits = `- name: columns
  table: shop.orders
  time_column: amount
  dimensions: [channel, country]
  sql: SELECT sum(total) FROM shop.orders
  sql_by_day: SELECT 1 FROM sold
- name: hidden
  table: shop.salaries
  sql: SELECT sum(salary) FROM shop.salaries
- name: nowhere
  table: shop.nothing
  sql: SELECT 1
`;
      const { warnings } = await importFiles(misfits, { path: 'x/y.yml', dryRun: true });
      expect(warnings.map(({ line, column, message }: any) => `${line}:${column} ${message}`)).toEqual([
        expect.stringMatching(/^3:16 The column amount is .*, not a date or a time\.$/),
        '4:25 No table of the metric has a column country.',
        expect.stringMatching(/^5:8 Binder Error: .*total/),
        '6:15 The SQL reads shop.orders_again, which table and tables do not name.',
        '8:10 The table shop.salaries does not exist, or you may not read it.',
        '11:10 The table shop.nothing does not exist, or you may not read it.',
      ]);
      expect(warnings[0]).toMatchObject({ file: 'x/y.yml', metricId: 'x/columns' });
    });
  });

  describe('who sees a definition', () => {
    test('a reader of its tables, by every word that it is known by; a stranger does not', async () => {
      expect(await idsSeenBy(reader)).toEqual(['Metric:sales/revenue']);
      expect(await idsSeenBy(reader, '(category: "sales", search: "TURNover")')).toEqual(['Metric:sales/revenue']);
      expect(await idsSeenBy(reader, '(search: "nothing like it")')).toEqual([]);
      expect(await idsSeenBy(reader, '(category: "own")')).toEqual([]);
      expect(await idsSeenBy(stranger)).toEqual([]);
      const query = '{ metric(id: "Metric:sales/revenue") { sql } runMetric(id: "sales/revenue") { rows } }';
      const { data, errors } = await ask(server(), { as: { token: stranger.token }, query });
      expect([data, errors]).toEqual([{ metric: null, runMetric: null }, undefined]);
    });

    test('one that names a table that is not registered, or reads one unnamed, is for curators only', async () => {
      await save({ name: 'unregistered', table: 'shop.coming', sql: 'SELECT 1' });
      await save({ name: 'unnamed', sql: 'SELECT sum(salary) FROM "shop" . "Salaries"' });
      await save({ name: 'unnamed_alias', sql: 'WITH x AS (SELECT 1) SELECT * FROM x, sold' });
      await save({ name: 'public', sql: "SELECT 1 AS sold, 'x' AS salaries" });
      const own = ['public', 'unnamed', 'unnamed_alias', 'unregistered'].map((name) => `Metric:own/${name}`);
      expect(await idsSeenBy(curator, '(category: "own")')).toEqual(own);
      expect(await idsSeenBy(reader, '(category: "own")')).toEqual(['Metric:own/public', 'Metric:own/unnamed_alias']);
      expect(await idsSeenBy(stranger, '(category: "own")')).toEqual(['Metric:own/public']);
    });

    test('a curator who may not read its table sees it, and running it is refused like any statement', async () => {
      await save({ name: 'salaries', table: 'shop.salaries', sql: 'SELECT sum(salary) FROM shop.salaries' });
      expect(await idsSeenBy(curator)).toContain('Metric:own/salaries');
      expect(await run('id: "own/salaries"', curator)).toMatchObject({ code: 'STATEMENT_REFUSED' });
    });

    test('is told which of its tables they may read, and which categories there are whichever was asked for', async () => {
      const query = `{ metrics(category: "own", search: "un") { totalCount categories edges { node { reads { name table { sqlName } } } } }
        sales: metrics(category: "sales") { categories } salaries: metric(id: "own/salaries") { reads { name table { sqlName } } } }`;
      const { data } = await ask(server(), { as: { token: curator.token }, query });
      expect(data.metrics.edges.map(({ node }: any) => node.reads)).toEqual([
        [],
        [{ name: 'shop.orders_again', table: { sqlName: 'shop.orders_again' } }],
        [{ name: 'shop.coming', table: null }],
      ]);
      expect(data.metrics).toMatchObject({ totalCount: 3, categories: ['own'] });
      expect(data.sales).toEqual({ categories: ['own', 'sales'] });
      expect(data.salaries.reads).toEqual([{ name: 'shop.salaries', table: null }]);
    });

    test('who has just lost a table no longer sees the definition', async () => {
      const person = await server().person('losing', ['core.viewer']);
      const grant = await server().run(grantTableAccess, { tableId: ordersId, userId: person.id });
      expect(await idsSeenBy(person)).toContain('Metric:sales/revenue');
      await server().run(revokeTableAccess, { grantId: grant.id });
      expect(await idsSeenBy(person)).not.toContain('Metric:sales/revenue');
    });
  });

  describe('running a metric', () => {
    test.each([
      ['all rows', '', [[150]]],
      [
        'a variant',
        ', variant: "by_channel"',
        [
          ["it's", 80],
          ['partner', 20],
          ['web', 50],
        ],
      ],
      ['from a day on', ', from: "2026-01-20"', [[140]]],
      ['up to a day, which is not in it', ', to: "2026-01-20"', [[10]]],
      ['some values', `, filters: [{ dimension: "Channel", values: ["partner", "it's"] }]`, [[100]]],
      [
        'a truth value and a number',
        ', filters: [{ dimension: "web", values: ["true"] }, { dimension: "id", values: ["3", "4"] }]',
        [[40]],
      ],
      ['a value that is SQL', `, filters: [{ dimension: "channel", values: ["web') OR ('1' = '1"] }]`, [[null]]],
      ['a cut of a variant', ', variant: "by_channel", from: "2026-02-01", to: "2026-02-04"', [['web', 40]]],
    ])('%s', async (_case, args, rows) => {
      expect((await run(`id: "sales/revenue"${args}`)).rows).toEqual(rows);
    });

    test('instants count to the second, in UTC, where the column has times', async () => {
      await save({
        name: 'timed',
        table: 'shop.orders',
        timeColumn: 'at',
        sql: 'SELECT count(*)::INTEGER FROM shop.orders',
      });
      const counts = [
        'from: "2026-01-20T23:59:59Z"',
        'from: "2026-01-21"',
        'to: "2026-02-03T01:00:00+01:00"',
        'to: "2026-02-03T01:00:01+01:00"',
      ];
      const got = [];
      for (const args of counts) got.push((await run(`id: "own/timed", ${args}`)).rows[0][0]);
      expect(got).toEqual([3, 2, 2, 3]);
    });

    test('the cut holds wherever and by whichever name the statement reads the table, and for no other table', async () => {
      const sql = `WITH orders AS (SELECT amount FROM sold WHERE sold.channel <> 'none')
        SELECT (SELECT count(*) FROM orders)::INTEGER, count(*)::INTEGER, (SELECT count(*) FROM shop.orders)::INTEGER
        FROM shop.orders_again AS a JOIN "shop"."orders_again" AS b ON a.id = b.id`;
      await save({ name: 'twice', table: 'sold', tables: ['shop.orders'], timeColumn: 'day', sql });
      expect((await run('id: "own/twice"')).rows).toEqual([[4, 4, 4]]);
      expect((await run('id: "own/twice", from: "2026-02-01"')).rows).toEqual([[2, 2, 4]]);
    });

    test.each([
      ['variant: "by_week"', 'variant: The metric has the variants by_channel.'],
      ['from: "2026-02-30"', 'from: Give a day such as 2026-01-31; the metric counts days.'],
      ['from: "2026-02-03T00:00:00Z"', 'from: Give a day such as 2026-01-31; the metric counts days.'],
      ['from: "yesterday", to: "1"', /^from: .*; to: /],
      [
        'filters: [{ dimension: "amount", values: ["1"] }]',
        'filters.0.dimension: The metric’s dimensions are channel, web, id.',
      ],
      ['filters: [{ dimension: "web", values: ["yes"] }]', 'filters.0.values: "yes" is no BOOLEAN.'],
      ['filters: [{ dimension: "web", values: [] }]', 'filters.0.values: Give at least one value.'],
      ['limit: 0', 'limit: Give a limit from 1 to 10000.'],
    ])('%s is refused with what to do', async (args, message) => {
      const told = await run(`id: "sales/revenue", ${args}`);
      expect(told).toEqual({
        code: 'INVALID_INPUT',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      });
    });

    test('a metric without time column or table is not cut by time', async () => {
      expect((await run('id: "own/public", from: "2026-01-01"')).message).toMatch(/no time column/);
    });

    test('SQL that fails tells the same as the statement would', async () => {
      const statement = 'SELECT sum(nothing) FROM shop.orders';
      await save({ name: 'broken', table: 'shop.orders', sql: statement });
      const query = `{ sql(statement: "${statement}") { rows } }`;
      const { errors } = await ask(server(), { as: { token: reader.token }, query });
      const { code } = errors![0]!.extensions;
      expect(code).toBe('STATEMENT_FAILED');
      expect(await run('id: "own/broken"')).toEqual({ code, message: errors![0]!.message });
    });

    test('is audited with the metric, its statement and its cut, and not possible by GET', async () => {
      const { store, auditBatch } = server().open.services;
      await auditBatch.flush(store);
      await run('id: "sales/revenue", from: "2026-02-01", limit: 7');
      await auditBatch.flush(store);
      const [event] = await listAuditEvents(store, { limit: 1 });
      const condition = { column: 'day', type: 'DATE', operator: '>=', values: ['2026-02-01'] };
      expect(event).toMatchObject({
        action: 'statement.executed',
        actor: 'reader@example.com',
        details: {
          metric: 'sales/revenue',
          tables: ['shop.orders'],
          filters: [{ sqlName: 'shop.orders', conditions: [condition] }],
        },
      });
      const asked = encodeURIComponent('{ runMetric(id: "sales/revenue") { rows } }');
      const headers = { Authorization: `Bearer ${reader.token}` };
      const answer: any = await (await fetch(`${server().url}/graphql?query=${asked}`, { headers })).json();
      expect(answer.errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED');
    });
  });

  describe('saving and deleting', () => {
    test('puts the whole definition, reads it back as it was given, and warns', async () => {
      const given = {
        category: 'full',
        name: 'all',
        displayName: 'All of it',
        type: 'RATIO',
        unit: '%',
        grain: 'daily',
        description: 'What it is.\nAnd more.',
        expression: 'a / b',
        table: 'shop.gone',
        tables: ['sold'],
        timeColumn: 'day',
        dimensions: ['channel'],
        filters: ["status = 'x'"],
        synonyms: ['s'],
        notes: ['n'],
        sql: 'SELECT 1',
        sqlVariants: [{ name: 'by_x', sql: 'SELECT 2' }],
        validation: { max: 1, list: ['a'] },
      };
      expect(await save(given)).toEqual({
        __typename: 'SaveMetricPayload',
        created: true,
        metric: { id: 'Metric:full/all' },
        warnings: [
          {
            file: null,
            line: null,
            column: null,
            metricId: 'full/all',
            message: 'table: The table shop.gone does not exist, or you may not read it.',
          },
        ],
      });
      expect(await newestEvent(server())).toMatchObject({
        action: 'metric.saved',
        resource: 'metric:full/all',
        details: { outcome: 'created' },
      });
      const query = `{ metric(id: "full/all") { category name displayName type unit grain description expression tableName
        tables timeColumn dimensions filters synonyms notes sql sqlVariants { name sql } validation source file } }`;
      const { table, ...fields } = given;
      const { data } = await ask(server(), { as: { token: curator.token }, query });
      const stored = { tableName: table, type: 'ratio', source: 'MANUAL', file: 'full/all.yml' };
      expect(data.metric).toEqual({ ...fields, ...stored });
      expect(await save({ category: 'full', name: 'all', sql: 'SELECT 1' })).toMatchObject({ created: false });
      const { data: emptied } = await ask(server(), { as: { token: curator.token }, query });
      expect(emptied.metric).toMatchObject({ displayName: 'all', unit: null, sqlVariants: [], validation: null });
    });

    test('tells each field that is wrong', async () => {
      const wrong = { name: 'a/b', sql: ' ', grain: 'fortnight', sqlVariants: [{ name: 'x', sql: 'SELECT 1' }] };
      const { __typename, fields } = await save(wrong);
      expect(__typename).toBe('InvalidInputError');
      expect(fields.map(({ path }: any) => path)).toEqual(['name', 'grain', 'sql', 'sqlVariants.0.name']);
    });

    test('a deleted metric is gone; deleting it again finds nothing', async () => {
      const input = { id: 'Metric:full/all' };
      expect(await change('deleteMetric', input, 'metric { id }')).toMatchObject({ metric: input });
      expect(await newestEvent(server())).toMatchObject({ action: 'metric.deleted', resource: 'metric:full/all' });
      expect(await change('deleteMetric', input)).toMatchObject({ __typename: 'NotFoundError' });
      expect(await times('full/all')).toBeNull();
    });

    test('who has just lost the role core.km_admin can neither save, delete nor import', async () => {
      const { store, accessIndex } = server().open.services;
      const person = await server().person('former', ['core.km_admin']);
      const [grant] = accessIndex.grantsOf(person.id);
      expect(await change('saveMetric', { category: 'own', name: 'last', sql: 'SELECT 1' }, '', person)).toMatchObject({
        __typename: 'SaveMetricPayload',
      });
      await store.write((tx) => deleteRoleGrant(tx, grant!));
      for (const [field, input] of [
        ['saveMetric', 'category: "own", name: "late", sql: "SELECT 1"'],
        ['deleteMetric', 'id: "own/last"'],
        ['importMetrics', 'files: [{ path: "own/late.yml", content: "name: late\\nsql: SELECT 1" }]'],
      ]) {
        const query = `mutation { ${field}(input: { ${input} }) { __typename } }`;
        const { errors } = await ask(server(), { as: { token: person.token }, query });
        expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.km_admin' });
      }
      expect(await times('own/late')).toBeNull();
      expect(await times('own/last')).not.toBeNull();
    });
  });

  test('what the database holds is what the index in memory holds', async () => {
    const { store, metrics } = server().open.services;
    expect(metrics.metrics().length).toBeGreaterThan(5);
    expect((await loadMetrics(store)).metrics()).toEqual(metrics.metrics());
  });
});
