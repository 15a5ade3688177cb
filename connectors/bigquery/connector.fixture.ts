import { afterAll } from 'vitest';
import { BigQueryStandIn } from '../../tests/connectors/bigquery-stand-in.ts';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';

const started: BigQueryStandIn[] = [];
afterAll(async () => {
  for (const standIn of started) await standIn.stop();
});

export const fixture: ConnectorFixture = {
  async prepare() {
    const standIn = await BigQueryStandIn.start();
    started.push(standIn);
    await standIn.table('shop.orders', "SELECT 1::BIGINT AS id, 'a' AS name UNION ALL SELECT 2, 'b'", {
      type: 'TABLE',
      description: 'Orders.',
    });
    await standIn.table('shop.large_orders', `SELECT * FROM "${standIn.project}".shop.orders WHERE id > 1`, {
      type: 'VIEW',
    });
    await standIn.table('crm.Deals 2026', 'SELECT 1.5::DECIMAL(38,9) AS amount');
    return {
      config: {
        project: standIn.project,
        credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
        apiEndpoint: standIn.url,
      },
      environment: { BIGQUERY_KEY: JSON.stringify(standIn.accounts.serviceAccount('agnes@example.com')) },
      table: { dataset: 'shop', table: 'orders' },
      breakTable: () => standIn.drop('shop.orders'),
    };
  },
};
