import { renameSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meaningless, type ConnectorFixture } from '../../tests/kit/connector-fixture.ts';
import { everyParquetType, writeParquet } from '../../tests/kit/every-type.ts';

export const fixture: ConnectorFixture = {
  async prepare(folder) {
    await mkdir(join(folder, '2026'));
    await writeFile(join(folder, 'orders-1.csv'), 'id,amount\n1,1.50\n2,2.50\n');
    await writeFile(join(folder, 'orders-2.csv'), 'id,amount,note\n3,3.50,x\n');
    await writeFile(join(folder, '2026/customers.csv'), 'id,email\n1,ada@example.com\n');
    await writeFile(join(folder, 'prices.tsv'), 'id\tprice\n1\t1.50\n');
    await writeFile(join(folder, 'events.ndjson'), '{"id":1,"at":"2026-01-31"}\n{"id":2,"tags":["x"]}\n');
    await writeFile(join(folder, '2026/plans.json'), '[{"id":1,"limits":{"seats":5}}]');
    await writeFile(join(folder, 'empty.csv'), 'id,amount\n');
    await writeFile(
      join(folder, 'types.csv'),
      `${Object.keys(textRow).join(',')}\n${Object.values(textRow).join(',')}\n`,
    );
    await writeFile(join(folder, 'types.ndjson'), `${JSON.stringify(jsonRow)}\n`);
    await writeParquet(join(folder, 'types.parquet'), everyParquetType.select);
    const [orders, gone] = [join(folder, 'orders-2.csv'), join(folder, 'gone')];
    return {
      config: { folder },
      environment: { FILES_ALLOWED_ROOTS: folder },
      table: { path: 'orders-*.csv' },
      breakTable: () => writeFile(orders, 'id,amount\n1,1.50\n2\n'),
      outage: { begin: () => renameSync(orders, gone), end: () => renameSync(gone, orders) },
      wrongEnvironment: meaningless('Files of the server need no credentials.'),
      async changeColumns() {
        await writeFile(orders, 'id,amount,region\nx-3,3.50,eu\n');
        return { columns: { id: 'VARCHAR', amount: 'DOUBLE', region: 'VARCHAR', note: null } };
      },
      emptyTable: { path: 'empty.csv' },
      everyType: [
        { table: { path: 'types.csv', types: { price: 'DECIMAL(38,2)' } }, columns: textColumns, rows: [textValues] },
        { table: { path: 'types.ndjson' }, columns: jsonColumns, rows: [jsonRow] },
        { table: { path: 'types.parquet' }, columns: everyParquetType.columns, rows: await everyParquetType.rows() },
      ],
    };
  },
};

const textRow = {
  id: '9007199254740993',
  ratio: '0.1',
  price: '123456789012345678901234567890123456.78',
  paid: 'true',
  day: '2024-02-29',
  hour: '04:05:06.123456',
  at: '2024-02-03 04:05:06.123456',
  instant: '2024-02-03 04:05:06.5+02:00',
  code: '007',
  text: '"ě ""š"", 🦆"',
  nothing: '',
};
const textColumns = {
  id: 'BIGINT',
  ratio: 'DOUBLE',
  price: 'DECIMAL(38,2)',
  paid: 'BOOLEAN',
  day: 'DATE',
  hour: 'TIME',
  at: 'TIMESTAMP',
  instant: 'TIMESTAMP WITH TIME ZONE',
  code: 'VARCHAR',
  text: 'VARCHAR',
};
const textValues = {
  id: '9007199254740993',
  ratio: 0.1,
  price: '123456789012345678901234567890123456.78',
  paid: true,
  day: '2024-02-29',
  hour: '04:05:06.123456',
  at: '2024-02-03 04:05:06.123456',
  instant: '2024-02-03 02:05:06.5+00',
  code: '007',
  text: 'ě "š", 🦆',
};
const jsonRow = {
  ratio: 0.5,
  paid: true,
  text: 'ě "š", 🦆',
  day: '2024-02-29',
  tags: ['x', null],
  more: { a: { b: 'c' } },
};
const jsonColumns = {
  ratio: 'DOUBLE',
  paid: 'BOOLEAN',
  text: 'VARCHAR',
  day: 'DATE',
  tags: 'VARCHAR[]',
  more: 'STRUCT(a STRUCT(b VARCHAR))',
};
