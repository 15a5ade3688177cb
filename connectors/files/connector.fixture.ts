import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';

export const fixture: ConnectorFixture = {
  async prepare(folder) {
    await mkdir(join(folder, '2026'));
    await writeFile(join(folder, 'orders.csv'), 'id,amount\n1,1.50\n2,2.50\n');
    await writeFile(join(folder, '2026/customers.csv'), 'id,email\n1,ada@example.com\n');
    return {
      config: { folder },
      environment: { FILES_ALLOWED_ROOTS: folder },
      table: { path: 'orders.csv' },
      breakTable: () => writeFile(join(folder, 'orders.csv'), 'id,amount\n1,1.50\n2\n'),
    };
  },
};
