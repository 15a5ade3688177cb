import { expect, test } from 'vitest';
import { sourceConfig, tableOptions } from '../../connectors/bigquery/config.ts';
import { connector } from '../../connectors/bigquery/connector.ts';
import { openExtraction } from '../../src/engine/extraction.ts';
import { BigQueryStandIn } from '../connectors/bigquery-stand-in.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { shortPause } from '../kit/short-pause.ts';

/** Besides what DuckDB may hold for the pages (512 MB) and for the files (1 GB), and what the stand-in itself needs in this process. */
const mostMegabytes = 2500;

test('10 million rows of BigQuery arrive, each once, in bounded memory', async () => {
  const count = 10_000_000;
  const bigquery = await BigQueryStandIn.start();
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'bq' });
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss / 1e6)), 100);
  try {
    await bigquery.table(
      'shop.visits',
      `SELECT range::BIGINT AS id, 'page ' || range % 1000 AS page, (range / 100)::DECIMAL(38,9) AS cost FROM range(${count})`,
    );
    const key = JSON.stringify(bigquery.accounts.serviceAccount('agnes@example.com'));
    const config = sourceConfig.parse({
      project: bigquery.project,
      credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
      apiEndpoint: bigquery.url,
      timeoutSeconds: 3600,
    });
    const target = extraction.table('visits');
    const context = { config, readEnv: () => key, signal: new AbortController().signal, pause: shortPause };
    const options = tableOptions.parse({ dataset: 'shop', table: 'visits' });
    await connector.extract(context, { id: '1', name: 'visits', options }, target.sink);
    const { files } = await target.finish();
    const [sums] = await readRows(
      `SELECT count(*) AS rows, count(DISTINCT id) AS ids, sum(id)::VARCHAR AS sum, min(id) AS least, max(id) AS greatest FROM '${files[0]!.path}'`,
    );
    expect(sums).toEqual({
      rows: `${count}`,
      ids: `${count}`,
      sum: '49999995000000',
      least: '0',
      greatest: `${count - 1}`,
    });
    process.stdout.write(
      `bigquery: ${count} rows in ${bigquery.requests.filter((line) => line.endsWith('/data')).length} pages, at most ${most.toFixed(0)} MB with the stand-in\n`,
    );
    expect(most).toBeLessThan(mostMegabytes);
  } finally {
    clearInterval(watch);
    await extraction.close();
    await bigquery.stop();
  }
}, 3_600_000);
