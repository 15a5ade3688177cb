import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSource } from '../../../src/registry/create-source.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { updateSource } from '../../../src/sync/update-source.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { statementConnector } from '../../kit/statement-connector.ts';

const sql = 'query ($statement: String!) { sql(statement: $statement) { columns { name type } rows } }';
const register = `mutation ($input: RegisterTableInput!) { registerTable(input: $input) { __typename
  ... on RegisterTablePayload { table { id queryMode } } ... on InvalidInputError { fields { path message } } } }`;

const far = statementConnector();
let server: TestServer;
let viewer: TestPerson;
let admin: TestPerson;
let file: string;
let farId: string;

beforeAll(async () => {
  server = await startTestServer({ connectors: [far.connector] });
  file = join(server.files, 'far.duckdb');
  const connection = await (await DuckDBInstance.create(file)).connect();
  await connection.run(`
    CREATE TABLE visits AS SELECT i AS order_id, 'page ' || i AS "Page", i * 1.5 AS seconds FROM range(1, 6) r(i);
    CHECKPOINT`);
  connection.closeSync();
  const orders = await server.registerFile('orders', 'order_id,customer\n1,ada\n2,bob\n');
  const source = await server.run(createSource, { name: 'far', connector: 'far_duckdb', config: { file } });
  farId = source.id;
  viewer = await server.person('viewer', ['core.analyst']);
  admin = await server.person('admin', ['core.admin']);
  const visits = await registered({
    source: 'far',
    name: 'visits',
    alias: 'v',
    queryMode: 'REMOTE',
    options: { table: 'visits' },
  });
  await registered({ source: 'far', name: 'hidden', queryMode: 'REMOTE', options: { table: 'visits' } });
  for (const tableId of [orders.id, visits.data.registerTable.table.id.slice('Table:'.length)]) {
    await server.run(grantTableAccess, { tableId, userId: viewer.id });
  }
  await server.sync();
  await server.run(startSync, { source: 'far' });
  await server.open.syncRunner.idle();
});

afterAll(() => server.close());

beforeEach(() => {
  far.calls.length = 0;
});

function registered(input: Record<string, unknown>) {
  return ask(server, { as: admin, query: register, variables: { input } });
}

function run(as: TestPerson, statement: string) {
  return ask(server, { as, query: sql, variables: { statement } });
}

const runs = () => far.calls.filter(({ kind }) => kind === 'run').map(({ statement }) => statement);

async function bills() {
  const query = '{ auditEvents(first: 50, action: "remote.read") { edges { node { actor details } } } }';
  return (await ask(server, { as: admin, query })).data.auditEvents.edges.map(({ node }: { node: unknown }) => node);
}

describe('a table that is read at its source', () => {
  test('shows its columns after a sync, which reads no row, and no size', async () => {
    const query = `{ table(sqlName: "far.visits") { queryMode columns { name type } files { sha256 } syncState { status rows sizeBytes error } } }`;
    const { data } = await ask(server, { as: viewer, query });
    expect(data.table).toEqual({
      queryMode: 'REMOTE',
      columns: [
        { name: 'order_id', type: 'BIGINT' },
        { name: 'Page', type: 'VARCHAR' },
        { name: 'seconds', type: 'DECIMAL(21,1)' },
      ],
      files: [],
      syncState: { status: 'OK', rows: null, sizeBytes: null, error: null },
    });
  });

  test('is read once, with the columns that are needed, by whoever may read it, and what that cost is audited', async () => {
    const statement =
      'SELECT customer, page FROM shop.orders o JOIN far.visits x USING (order_id) WHERE x.order_id < 2';
    const { data, errors } = await run(viewer, statement);
    expect(errors).toBeUndefined();
    expect(data.sql).toEqual({
      columns: [
        { name: 'customer', type: 'VARCHAR' },
        { name: 'Page', type: 'VARCHAR' },
      ],
      rows: [['ada', 'page 1']],
    });
    expect(runs()).toEqual(['SELECT "order_id", "Page" FROM "visits"']);
    expect((await bills())[0]).toMatchObject({
      actor: 'viewer@example.com',
      details: {
        statement,
        failure: null,
        remotes: [{ name: 'far.visits', source: 'far', bytesBilled: '1000', rows: 5 }],
      },
    });
    expect((await run(viewer, 'SELECT count(*) FROM v AS a, far.visits AS b')).data.sql.rows).toEqual([['25']]);
    expect(runs()).toHaveLength(2);
    expect((await run(viewer, 'SELECT customer FROM shop.orders')).data.sql.rows).toHaveLength(2);
    expect(runs()).toHaveLength(2);
  });

  test('does not exist for whoever may not read it, and a wrong statement reads nothing', async () => {
    const hidden = await run(viewer, 'FROM far.hidden');
    expect(hidden.errors?.[0]?.message).toMatch(/^The table far.hidden does not exist, or you may not read it/);
    const wrong = await run(viewer, 'SELECT nothing FROM v');
    expect(wrong.errors?.[0]?.message).toMatch(/^Binder Error: Referenced column "nothing"/);
    expect(runs()).toEqual([]);
  });

  test('is not read beyond what its source’s configuration allows, which is audited too', async () => {
    await server.run(updateSource, { id: farId, config: { file, maxBytesBilled: 999 } });
    try {
      const { errors } = await run(viewer, 'FROM v');
      const message = 'far.visits: The source says: 1000 bytes would be billed, 999 are allowed';
      expect(errors).toMatchObject([{ message, extensions: { code: 'REMOTE_FAILED' } }]);
      expect((await bills())[0]).toMatchObject({ details: { failure: message, remotes: [{ bytesBilled: null }] } });
    } finally {
      await server.run(updateSource, { id: farId, config: { file } });
    }
  });

  test('can be exported', async () => {
    const start = `mutation { exportSql(input: { statement: "SELECT order_id, seconds FROM v ORDER BY 1", format: CSV }) { ... on ExportSqlPayload { export { id } } } }`;
    const { data } = await ask(server, { as: viewer, query: start });
    await server.open.exportRunner.idle();
    const { id } = data.exportSql.export;
    const { data: found } = await ask(server, {
      as: viewer,
      query: `{ export(id: "${id}") { state rows url error } }`,
    });
    expect(found.export).toMatchObject({ state: 'SUCCEEDED', rows: '5', error: null });
    const path = join(server.dataDir, 'exports', `${id.slice('Export:'.length)}.csv`);
    expect(readFileSync(path, 'utf8').split('\r\n').slice(0, 2)).toEqual(['order_id,seconds', '1,1.5']);
    expect(runs()).toEqual(['SELECT "order_id", "seconds" FROM "visits"']);
    expect((await bills())[0]).toMatchObject({
      actor: 'viewer@example.com',
      details: { remotes: [{ bytesBilled: '1000' }] },
    });
  });

  test('is joined by hybridSql with a remote', async () => {
    const spender = await server.person('spender', ['core.admin']);
    const input = {
      statement: 'SELECT count(*) FROM v JOIN extra USING (order_id)',
      remotes: [{ alias: 'extra', statement: 'SELECT order_id FROM visits WHERE order_id > 3' }],
    };
    const query = `mutation ($input: HybridSqlInput!) { hybridSql(input: $input) { ... on HybridSqlPayload { result { rows } remotes { alias } } } }`;
    const { data, errors } = await ask(server, { as: spender, query, variables: { input } });
    expect(errors).toBeUndefined();
    expect(data.hybridSql).toEqual({
      result: { rows: [['2']] },
      remotes: [{ alias: 'extra' }, { alias: 'far.visits' }],
    });
    expect(runs()).toHaveLength(2);
  });

  test('is refused where the connector cannot read by a statement, and with a watermark', async () => {
    const file = await registered({
      source: 'shop',
      name: 'far',
      queryMode: 'REMOTE',
      options: { path: 'orders.csv' },
    });
    expect(file.data.registerTable.fields).toEqual([
      {
        path: 'queryMode',
        message: 'The connector files cannot read tables at their source; leave this out to copy them.',
      },
    ]);
    const marked = await registered({
      source: 'far',
      name: 'm',
      queryMode: 'REMOTE',
      watermarkColumn: 'x',
      options: { table: 'visits' },
    });
    expect(marked.data.registerTable.fields).toMatchObject([{ path: 'watermarkColumn' }]);
  });

  test('can be what a metric is over, which is checked without reading it', async () => {
    const input = {
      category: 'web',
      name: 'pages',
      table: 'far.visits',
      dimensions: ['Page'],
      sql: 'SELECT sum(seconds) AS s FROM v',
    };
    const save = `mutation ($input: SaveMetricInput!) { saveMetric(input: $input) { ... on SaveMetricPayload { warnings { message } } } }`;
    const { data } = await ask(server, { as: admin, query: save, variables: { input } });
    expect(data.saveMetric.warnings).toEqual([]);
    expect(runs()).toEqual([]);
    const query = `{ runMetric(id: "web/pages", filters: [{ dimension: "Page", values: ["page 2"] }]) { rows } }`;
    const answer = await ask(server, { as: viewer, query });
    expect([answer.data, answer.errors]).toEqual([{ runMetric: { rows: [['3.0']] } }, undefined]);
    expect(runs()).toEqual(['SELECT "Page", "seconds" FROM "visits"']);
  });
});
