// Publishes one more row each time, for ever, and prints how many rows are acknowledged; the test kills it.
import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openExtraction } from '../../src/engine/extraction.ts';
import { writeExtract } from '../../src/engine/publish-extract.ts';

const folder = process.argv[2] ?? '';
const extractsDir = join(folder, 'extracts');
const path = join(folder, 'orders.csv');

for (let count = 1; count < 10_000; count += 1) {
  writeFileSync(path, `id\n${'1\n'.repeat(count)}`);
  const extraction = await openExtraction({ extractsDir, source: 'shop' });
  const table = extraction.table('orders');
  await table.sink.csv({ path, name: 'orders.csv' }, {});
  const { name, rows, sizeBytes, files } = await table.finish();
  await extraction.close();
  const entry = {
    name,
    description: null,
    rows,
    sizeBytes,
    extractedAt: new Date(),
    files: files.map((file) => file.path),
  };
  await writeExtract({ extractsDir, source: 'shop', tables: [entry] });
  writeSync(1, `${count}\n`);
}
