import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';

export const fixture: ConnectorFixture = {
  async prepare(folder) {
    await mkdir(join(folder, '2026'));
    await writeFile(join(folder, 'orders-1.csv'), 'id,amount\n1,1.50\n2,2.50\n');
    await writeFile(join(folder, 'orders-2.csv'), 'id,amount,note\n3,3.50,x\n');
    await writeFile(join(folder, '2026/customers.csv'), 'id,email\n1,ada@example.com\n');
    await writeFile(join(folder, 'prices.tsv'), 'id\tprice\n1\t1.50\n');
    await writeFile(join(folder, 'events.ndjson'), '{"id":1,"at":"2026-01-31"}\n{"id":2,"tags":["x"]}\n');
    await writeFile(join(folder, '2026/plans.json'), '[{"id":1,"limits":{"seats":5}}]');
    return {
      config: { folder },
      environment: { FILES_ALLOWED_ROOTS: folder },
      table: { path: 'orders-*.csv' },
      breakTable: () => writeFile(join(folder, 'orders-2.csv'), 'id,amount\n1,1.50\n2\n'),
    };
  },
};
