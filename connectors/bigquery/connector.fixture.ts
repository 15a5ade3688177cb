import { BigQueryStandIn } from '../../tests/connectors/bigquery-stand-in.ts';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';
import { readRows } from '../../tests/kit/parquet-rows.ts';

/** What GoogleSQL knows and DuckDB has a type for; the others are text, which the connector's own tests prove. */
const everyType = `SELECT 9007199254740993::BIGINT AS id, true AS truth, 0.1::DOUBLE AS ratio,
  '12345678901234567890123456789.123456789'::DECIMAL(38,9) AS amount, 'ě "š", 🦆' AS text, '\\x00\\xFF'::BLOB AS bytes,
  DATE '2024-02-29' AS day, TIME '04:05:06.123456' AS hour, TIMESTAMP '2024-02-03 04:05:06.123456' AS at_wall,
  TIMESTAMPTZ '2024-02-03 04:05:06.123456+02' AS instant, ['x', 'y'] AS list, {'a': 1::BIGINT, 'b': [{'c': 'd'}]} AS record`;
const columns = {
  id: 'BIGINT',
  truth: 'BOOLEAN',
  ratio: 'DOUBLE',
  amount: 'DECIMAL(38,9)',
  text: 'VARCHAR',
  bytes: 'BLOB',
  day: 'DATE',
  hour: 'TIME',
  at_wall: 'TIMESTAMP',
  instant: 'TIMESTAMP WITH TIME ZONE',
  list: 'VARCHAR[]',
  record: 'STRUCT(a BIGINT, b STRUCT(c VARCHAR)[])',
};

export const fixture: ConnectorFixture = {
  async prepare() {
    const standIn = await BigQueryStandIn.start();
    await standIn.table('shop.orders', "SELECT 1::BIGINT AS id, 'a' AS name UNION ALL SELECT 2, 'b'", {
      type: 'TABLE',
      description: 'Orders.',
    });
    await standIn.table('shop.large_orders', `SELECT * FROM "${standIn.project}".shop.orders WHERE id > 1`, {
      type: 'VIEW',
    });
    await standIn.table('shop.nothing', 'SELECT 1::BIGINT AS id, [1::BIGINT] AS list WHERE false');
    await standIn.table('types.every', everyType);
    await standIn.table('crm.Deals 2026', 'SELECT 1.5::DECIMAL(38,9) AS amount');
    return {
      config: {
        project: standIn.project,
        credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
        apiEndpoint: standIn.url,
      },
      close: () => standIn.stop(),
      environment: { BIGQUERY_KEY: JSON.stringify(standIn.accounts.serviceAccount('agnes@example.com')) },
      table: { dataset: 'shop', table: 'orders' },
      breakTable: () => standIn.drop('shop.orders'),
      inTheMiddle(act) {
        standIn.beforePage = () => {
          standIn.beforePage = () => {};
          act();
        };
      },
      outage: { begin: () => void (standIn.reachable = false), end: () => void (standIn.reachable = true) },
      wrongEnvironment: {
        BIGQUERY_KEY: JSON.stringify({
          ...standIn.accounts.serviceAccount('agnes@example.com'),
          private_key: standIn.accounts.serviceAccount('other@example.com')['private_key'],
        }),
      },
      async changeColumns() {
        await standIn.table('shop.orders', `SELECT 'x' AS id, 2.5::DOUBLE AS price`);
        return { columns: { id: 'VARCHAR', price: 'DOUBLE', name: null } };
      },
      emptyTable: { dataset: 'shop', table: 'nothing' },
      everyType: [{ table: { dataset: 'types', table: 'every' }, columns, rows: await readRows(everyType) }],
    };
  },
};
