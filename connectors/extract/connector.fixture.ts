import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';
import { writeExtractDirectory } from '../../tests/kit/extract-directory.ts';

export const fixture: ConnectorFixture = {
  async prepare(folder) {
    await writeExtractDirectory(folder, [
      `COPY (SELECT 1 AS id, 'a' AS name) TO '$data/orders.parquet' (FORMAT parquet)`,
      `CREATE VIEW orders AS SELECT * FROM read_parquet('$data/orders.parquet')`,
      `CREATE TABLE people AS SELECT 1 AS id, 'ada@example.com' AS email`,
      `INSERT INTO _meta VALUES ('orders', 'Orders.', 1, 100, now(), 'local'), ('people', NULL, 1, 100, now(), 'local')`,
    ]);
    return {
      config: { folder },
      environment: { FILES_ALLOWED_ROOTS: folder },
      table: { table: 'orders' },
      breakTable: () => rm(join(folder, 'data/orders.parquet')),
    };
  },
};
