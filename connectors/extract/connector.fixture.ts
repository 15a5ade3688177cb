import { renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { meaningless, type ConnectorFixture } from '../../tests/kit/connector-fixture.ts';
import { everyParquetType } from '../../tests/kit/every-type.ts';
import { writeExtractDirectory } from '../../tests/kit/extract-directory.ts';

const orders = [
  `COPY (SELECT 1 AS id, 'a' AS name) TO '$data/orders.parquet' (FORMAT parquet)`,
  `CREATE VIEW orders AS SELECT * FROM read_parquet('$data/orders.parquet')`,
];
const meta = (...names: string[]) =>
  names.map((name) => `INSERT INTO _meta VALUES ('${name}', NULL, 1, 100, now(), 'local')`);

export const fixture: ConnectorFixture = {
  async prepare(folder) {
    await writeExtractDirectory(folder, [
      ...orders,
      `CREATE TABLE nobody AS SELECT 1 AS id, 'ada@example.com' AS email LIMIT 0`,
      `CREATE TABLE types AS ${everyParquetType.select}`,
      `CREATE TABLE more_types AS SELECT 123456789012345678901234567890::HUGEINT AS huge,
        '0101'::BIT AS bits, 'b'::ENUM('a', 'b') AS choice, '1 month 2 days'::INTERVAL AS span, [1, 2]::INTEGER[2] AS pair`,
      ...meta('orders', 'nobody', 'types', 'more_types'),
    ]);
    const [data, gone] = [join(folder, 'data'), join(folder, 'gone')];
    return {
      config: { folder },
      environment: { FILES_ALLOWED_ROOTS: folder },
      table: { table: 'orders' },
      breakTable: () => rm(join(folder, 'data/orders.parquet')),
      outage: { begin: () => renameSync(data, gone), end: () => renameSync(gone, data) },
      wrongEnvironment: meaningless('A folder of the server needs no credentials.'),
      async changeColumns() {
        rmSync(join(folder, 'extract.duckdb'));
        const [copy, view] = orders as [string, string];
        await writeExtractDirectory(folder, [
          copy.replace("1 AS id, 'a' AS name", "'x' AS id, 2.5::DOUBLE AS price"),
          view,
          ...meta('orders'),
        ]);
        return { columns: { id: 'VARCHAR', price: 'DOUBLE', name: null } };
      },
      emptyTable: { table: 'nobody' },
      everyType: [
        { table: { table: 'types' }, columns: everyParquetType.columns, rows: await everyParquetType.rows() },
        {
          table: { table: 'more_types' },
          columns: { huge: 'DECIMAL(38,0)', bits: 'VARCHAR', choice: 'VARCHAR', span: 'INTERVAL', pair: 'INTEGER[]' },
          rows: [
            {
              huge: '123456789012345678901234567890',
              bits: '0101',
              choice: 'b',
              span: { months: 1, days: 2, micros: '0' },
              pair: [1, 2],
            },
          ],
        },
      ],
    };
  },
};
