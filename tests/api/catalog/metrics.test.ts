import { expect, test } from 'vitest';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const orders = `id,channel,day,amount
1,web,2026-01-05,10.00
2,partner,2026-01-20,20.00
3,web,2026-02-03,40.00
`;
const revenue = `name: revenue
category: sales
table: shop.orders
time_column: day
dimensions: [channel]
synonyms: [turnover]
sql: |
  SELECT date_trunc('month', day) AS month, sum(amount) AS revenue FROM shop.orders GROUP BY ALL ORDER BY ALL
sql_by_channel: SELECT channel, sum(amount) AS revenue FROM shop.orders GROUP BY ALL ORDER BY ALL
`;

describeServersOnBoth((server) => {
  let curator: TestPerson;
  let reader: TestPerson;
  let stranger: TestPerson;

  function importFiles(content: string, { path = 'sales/revenue.yml', dryRun = false } = {}) {
    const payload = 'dryRun created updated unchanged warnings { file line column metricId message }';
    const input = { files: [{ path, content }], dryRun };
    return mutate(server(), { token: curator.token }, { field: 'importMetrics', input, payload });
  }

  async function idsSeenBy(person: TestPerson, args = ''): Promise<string[]> {
    const query = `{ metrics${args} { totalCount edges { node { id } } } }`;
    const { data } = await ask(server(), { as: { token: person.token }, query });
    return data.metrics.edges.map(({ node }: any) => node.id);
  }

  test('an import stores a definition, and the same file again changes nothing', async () => {
    curator = await server().person('curator', ['core.km_admin']);
    reader = await server().person('reader', ['core.viewer']);
    stranger = await server().person('stranger', ['core.viewer']);
    const table = await server().registerFile('orders', orders);
    await server().run(grantTableAccess, { tableId: table.id, userId: reader.id });
    await server().run(grantTableAccess, { tableId: table.id, userId: curator.id });
    await server().sync();
    expect(await importFiles(revenue)).toEqual({
      __typename: 'ImportMetricsPayload',
      dryRun: false,
      created: 1,
      updated: 0,
      unchanged: 0,
      warnings: [],
    });
    expect(await importFiles(revenue)).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
  });
});
