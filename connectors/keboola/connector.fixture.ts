import { KeboolaStandIn } from '../../tests/connectors/keboola-stand-in.ts';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';

/** Each base type of Keboola with the type that it becomes, a value as the export has it, and as it is read. */
const types: Record<string, readonly [basetype: string, type: string, text: string, value: unknown]> = {
  id: ['INTEGER', 'BIGINT', '9007199254740993', '9007199254740993'],
  amount: [
    'NUMERIC',
    'DECIMAL(38,9)',
    '12345678901234567890123456789.123456789',
    '12345678901234567890123456789.123456789',
  ],
  ratio: ['FLOAT', 'DOUBLE', '0.1', 0.1],
  paid: ['BOOLEAN', 'BOOLEAN', 'true', true],
  day: ['DATE', 'DATE', '2024-02-29', '2024-02-29'],
  at: ['TIMESTAMP', 'TIMESTAMP', '2024-02-03 04:05:06.123456', '2024-02-03 04:05:06.123456'],
  text: ['STRING', 'VARCHAR', 'ě "š", 🦆\n2', 'ě "š", 🦆\n2'],
};
const columnsOfTypes = Object.fromEntries(Object.entries(types).map(([column, [, type]]) => [column, type]));
const values = Object.fromEntries(Object.entries(types).map(([column, [, , , value]]) => [column, value]));

export const fixture: ConnectorFixture = {
  async prepare() {
    const standIn = await KeboolaStandIn.start();
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
    standIn.put({
      id: 'in.c-types.every',
      columns: Object.keys(types),
      rows: [Object.values(types).map(([, , text]) => text)],
      columnMetadata: Object.fromEntries(
        Object.entries(types).map(([column, [basetype]]) => [
          column,
          [{ key: 'KBC.datatype.basetype', value: basetype, provider: 'user' }],
        ]),
      ),
    });
    standIn.slices = 2;
    return {
      config: { stackUrl: standIn.url },
      environment: { KEBOOLA_STORAGE_TOKEN: standIn.token },
      close: () => standIn.close(),
      table: { table: 'in.c-crm.orders' },
      inTheMiddle(act) {
        standIn.fault = ({ path }) => {
          if (!path.includes('/export/')) return undefined;
          standIn.fault = () => undefined;
          act();
          return standIn.fault({ method: 'GET', host: '', path, headers: {}, body: '' });
        };
      },
      outage: { begin: () => void (standIn.fault = () => 'closed'), end: () => void (standIn.fault = () => undefined) },
      wrongEnvironment: { KEBOOLA_STORAGE_TOKEN: 'wrong-4711-token' },
      async changeColumns() {
        standIn.put({ ...orders, columns: ['id', 'note'], rows: [['x', 'y']], columnMetadata: {} });
        return { columns: { id: 'VARCHAR', note: 'VARCHAR', amount: null } };
      },
      emptyTable: { table: 'out.c-crm.orders' },
      everyType: [{ table: { table: 'in.c-types.every' }, columns: columnsOfTypes, rows: [values] }],
      async breakTable() {
        standIn.put({ ...orders, rows: [...orders.rows, ['3', 'many']] });
      },
    };
  },
};
