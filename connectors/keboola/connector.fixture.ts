import { onTestFinished } from 'vitest';
import { KeboolaStandIn } from '../../tests/connectors/keboola-stand-in.ts';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';

export const fixture: ConnectorFixture = {
  async prepare() {
    const standIn = await KeboolaStandIn.start();
    onTestFinished(() => standIn.close());
    const orders = {
      id: 'in.c-crm.orders',
      columns: ['id', 'amount'],
      rows: [
        ['1', '1.50'],
        ['2', '2.50'],
      ],
      primaryKey: ['id'],
      columnMetadata: { amount: [{ key: 'KBC.datatype.basetype', value: 'NUMERIC', provider: 'user' }] },
    };
    standIn.put(orders);
    standIn.put({ id: 'out.c-crm.orders', columns: ['id'], rows: [] });
    standIn.slices = 2;
    return {
      config: { stackUrl: standIn.url },
      environment: { KEBOOLA_STORAGE_TOKEN: standIn.token },
      table: { table: 'in.c-crm.orders' },
      async breakTable() {
        standIn.put({ ...orders, rows: [...orders.rows, ['3', 'many']] });
      },
    };
  },
};
