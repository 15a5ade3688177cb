import { expect, test } from 'vitest';
import { makeConnector } from '../../connectors/keboola/make-connector.ts';
import { openExtraction } from '../../src/engine/extraction.ts';
import { KeboolaStandIn } from '../connectors/keboola-stand-in.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { shortPause } from '../kit/short-pause.ts';

const slices = 20;
const rowsOfSlice = 500_000;
/** DuckDB may use 1 GiB; the rest is this process, its downloads and the stand-in. */
const mostBytes = 2 * 2 ** 30;

function* linesOf(slice: number): Generator<string> {
  const atOnce = 1000;
  for (let start = 0; start < rowsOfSlice; start += atOnce) {
    let text = '';
    for (let row = start; row < start + atOnce; row += 1) {
      text += `"${slice * rowsOfSlice + row}","${row % 1000}.25","2026-01-01 00:00:00","some text of row ${row}"\n`;
    }
    yield text;
  }
}

test('ten million rows in twenty slices arrive in bounded memory', { timeout: 600_000 }, async () => {
  const standIn = await KeboolaStandIn.start();
  standIn.provider = 'gcp';
  standIn.slices = slices;
  const typed = (value: string) => [{ key: 'KBC.datatype.basetype', value, provider: 'user' }];
  standIn.put({
    id: 'in.c-crm.orders',
    columns: ['id', 'amount', 'at', 'text'],
    rows: [],
    slices: Array.from({ length: slices }, (_, slice) => () => linesOf(slice)),
    columnMetadata: { id: typed('INTEGER'), amount: typed('NUMERIC'), at: typed('TIMESTAMP') },
  });
  const connector = makeConnector({ fetch: standIn.fetch, patienceSeconds: 60 });
  const config = connector.sourceConfig.parse({ stackUrl: standIn.url });
  const options = connector.tableOptions.parse({ table: 'in.c-crm.orders' });
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'tested' });
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
  try {
    const table = extraction.table('orders');
    const context = { config, readEnv: () => standIn.token, signal: new AbortController().signal, pause: shortPause };
    const answer = await connector.extract(context, { id: '1', name: 'orders', options }, table.sink);
    const { rows } = await table.finish(answer ?? {});
    process.stdout.write(`keboola: ${rows} rows, ${Math.round(peak / 2 ** 20)} MiB resident at most\n`);
    expect(rows).toBe(slices * rowsOfSlice);
    expect(peak).toBeLessThan(mostBytes);
  } finally {
    clearInterval(watch);
    await extraction.close();
    await standIn.close();
  }
});
