import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';

const orders = 'id,amount\n1,10.50\n2,20.25\n';
const statement = 'SELECT count(*) AS orders, sum(amount) AS total FROM shop.orders';
const query = `query ($statement: String!) { sql(statement: $statement) { columns { name type } rows truncated rowCount } }`;

describe('one file, one person, one answer', () => {
  let server: TestServer;
  let ada: TestPerson;
  let ben: TestPerson;
  let grantId: string;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await server.person('ada', ['core.viewer']);
    ben = await server.person('ben', ['core.viewer']);
    const table = await server.registerFile('orders', orders);
    await server.sync();
    const grant = await server.run(grantTableAccess, { tableId: table.id, userId: ada.id });
    grantId = grant.id;
  });

  afterAll(() => server.close());

  test('a person with a grant reads the rows of the file', async () => {
    const answer = await ask(server, { as: ada, query, variables: { statement } });
    expect(answer).toEqual({
      status: 200,
      errors: undefined,
      data: {
        sql: {
          columns: [
            { name: 'orders', type: 'BIGINT' },
            { name: 'total', type: expect.any(String) },
          ],
          rows: [['2', expect.anything()]],
          truncated: false,
          rowCount: 1,
        },
      },
    });
  });

  test('for a person without a grant the table is not there, exactly like one that never was', async () => {
    const forbidden = await ask(server, { as: ben, query, variables: { statement } });
    const missing = await ask(server, {
      as: ben,
      query,
      variables: { statement: statement.replace('orders', 'nothere') },
    });
    expect(forbidden.data.sql).toBeNull();
    expect(forbidden.errors?.[0]?.extensions['code']).toBe('STATEMENT_REFUSED');
    expect(JSON.stringify(forbidden).replaceAll('orders', 'nothere')).toBe(
      JSON.stringify(missing).replaceAll('orders', 'nothere'),
    );
    const tables = await ask(server, { as: ben, query: '{ tables { totalCount edges { node { sqlName } } } }' });
    expect(tables.data.tables).toEqual({ totalCount: 0, edges: [] });
  });

  test('a revoked grant counts from the next request on', async () => {
    await server.run(revokeTableAccess, { grantId });
    const answer = await ask(server, { as: ada, query, variables: { statement } });
    expect(answer.errors?.[0]?.extensions['code']).toBe('STATEMENT_REFUSED');
  });
});
