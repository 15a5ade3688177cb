import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connector } from '../../connectors/files/connector.ts';
import { writeSampleCompany, type SampleFile } from '../../src/demo/sample-company.ts';
import { openExtraction, type ExtractedTable } from '../../src/engine/extraction.ts';
import { writeExtract } from '../../src/engine/publish-extract.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { shortPause } from '../kit/short-pause.ts';

test('the sample company is the same, byte for byte, each time', async () => {
  const folder = scratchFolder();
  const files = await writeSampleCompany(folder);
  const hash = createHash('sha256');
  for (const { file } of files) hash.update(readFileSync(join(folder, file)));
  expect(hash.digest('hex')).toMatchInlineSnapshot(
    `"764cc5e147578346dfd6fee1a0898b91e69ddc2210e4816bf3f5f4527321738a"`,
  );
});

describe('the sample company, extracted by the files connector', () => {
  let files: SampleFile[];
  let tables: ExtractedTable[];
  let extract: string;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agnes-sample-'));
    extract = join(folder, 'extracts/sample/extract.duckdb');
    const extractsDir = join(folder, 'extracts');
    files = await writeSampleCompany(join(folder, 'files'));
    const context = {
      config: { folder: join(folder, 'files') },
      readEnv: () => folder,
      signal: new AbortController().signal,
      pause: shortPause,
    };
    const extraction = await openExtraction({ extractsDir, source: 'sample' });
    tables = [];
    for (const { name, file, types } of files) {
      const table = extraction.table(name);
      await connector.extract(context, { id: name, name, options: { path: file, types } }, table.sink);
      tables.push(await table.finish());
    }
    await extraction.close();
    const entries = tables.map((table, index) => ({
      ...table,
      description: files[index]?.description ?? null,
      extractedAt: new Date(0),
      files: table.files.map(({ path }) => path),
    }));
    await writeExtract({ extractsDir, source: 'sample', tables: entries });
    return () => rmSync(folder, { recursive: true, force: true });
  });

  test('has every row that was written', () => {
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual(files.map(({ name, rows }) => [name, rows]));
  });

  test('has the columns and types that metrics are written against', () => {
    const types = tables.map(
      ({ name, columns }) => `${name}(${columns.map((column) => `${column.name} ${column.type}`).join(', ')})`,
    );
    expect(types).toMatchInlineSnapshot(`
      [
        "customers(customer_id VARCHAR, name VARCHAR, email VARCHAR, segment VARCHAR, industry VARCHAR, country VARCHAR, created_at DATE)",
        "products(product_id VARCHAR, name VARCHAR, category VARCHAR, unit_price DECIMAL(12,2), unit_cost DECIMAL(12,2), is_active BOOLEAN)",
        "orders(order_id VARCHAR, customer_id VARCHAR, product_id VARCHAR, order_date DATE, status VARCHAR, channel VARCHAR, quantity BIGINT, unit_price DECIMAL(12,2), discount_amount DECIMAL(12,2), total_amount DECIMAL(12,2))",
        "subscriptions(subscription_id VARCHAR, customer_id VARCHAR, billing_date DATE, plan VARCHAR, seats BIGINT, status VARCHAR, change_type VARCHAR, mrr_amount DECIMAL(12,2), delta_mrr DECIMAL(12,2))",
        "user_events(event_id VARCHAR, user_id VARCHAR, customer_id VARCHAR, event_date DATE, event_at TIMESTAMP, event_name VARCHAR, feature VARCHAR, platform VARCHAR, is_internal BOOLEAN)",
        "opportunities(opportunity_id VARCHAR, customer_id VARCHAR, owner VARCHAR, source VARCHAR, created_at DATE, closed_at DATE, status VARCHAR, stage VARCHAR, probability DECIMAL(3,2), deal_value DECIMAL(14,2))",
        "tickets(ticket_id VARCHAR, customer_id VARCHAR, category VARCHAR, priority VARCHAR, channel VARCHAR, status VARCHAR, created_at TIMESTAMP, first_response_at TIMESTAMP, resolved_at TIMESTAMP, resolution_hours DECIMAL(8,2), satisfaction_score BIGINT)",
        "infra_costs(usage_date DATE, provider VARCHAR, service VARCHAR, environment VARCHAR, cost_usd DECIMAL(12,2))",
        "sessions(session_id VARCHAR, customer_id VARCHAR, started_at TIMESTAMP, duration_seconds BIGINT, pages_viewed BIGINT, device VARCHAR, source VARCHAR, is_bounce BOOLEAN, order_id VARCHAR)",
      ]
    `);
  });

  test('has primary keys that are unique and complete', async () => {
    const counts = files.map(({ name, primaryKey }) => {
      const complete = primaryKey.map((column) => `${column} IS NOT NULL`).join(' AND ');
      return `SELECT '${name}' AS name, count(*)::INTEGER AS rows
              FROM (SELECT DISTINCT ${primaryKey.join(', ')} FROM ${name} WHERE ${complete})`;
    });
    const found = await readRows(counts.join(' UNION ALL '), extract);
    expect(found).toEqual(files.map(({ name, rows }) => ({ name, rows })));
  });

  test.each([
    ['orders', 'customer_id', 'customers'],
    ['orders', 'product_id', 'products'],
    ['subscriptions', 'customer_id', 'customers'],
    ['user_events', 'customer_id', 'customers'],
    ['opportunities', 'customer_id', 'customers'],
    ['tickets', 'customer_id', 'customers'],
    ['sessions', 'customer_id', 'customers'],
    ['sessions', 'order_id', 'orders'],
  ])('%s.%s names a row of %s', async (table, column, target) => {
    const lost = `SELECT count(*) AS n FROM ${table} WHERE ${column} NOT IN (SELECT ${column} FROM ${target})`;
    expect(await readRows(lost, extract)).toEqual([{ n: '0' }]);
  });

  test.each([
    ['an order adds up', 'SELECT * FROM orders WHERE total_amount <> quantity * unit_price - discount_amount'],
    [
      'nobody orders before they came',
      'SELECT * FROM orders JOIN customers USING (customer_id) WHERE order_date < created_at',
    ],
    [
      'a visit with an order is of that day',
      'SELECT * FROM sessions JOIN orders USING (order_id) WHERE started_at::DATE <> order_date',
    ],
    [
      'a ticket is answered, then resolved',
      'SELECT * FROM tickets WHERE NOT (created_at < first_response_at AND coalesce(first_response_at <= resolved_at, true))',
    ],
    [
      'a closed deal has a day, an open one has none',
      `SELECT * FROM opportunities WHERE (status = 'open') <> (closed_at IS NULL)`,
    ],
    [
      'nothing happens after the sample',
      `SELECT * FROM tickets WHERE resolved_at >= '2026-07-01' OR first_response_at >= '2026-07-01'`,
    ],
    [
      'changes of recurring revenue add up',
      `SELECT * FROM (SELECT *, lag(mrr_amount) OVER (PARTITION BY subscription_id ORDER BY billing_date) AS before FROM subscriptions)
       WHERE status = 'active' AND before IS NOT NULL AND mrr_amount - before <> delta_mrr`,
    ],
  ])('%s', async (_, exceptions) => {
    expect(await readRows(exceptions, extract)).toEqual([]);
  });

  test.each([
    [
      'revenue',
      `SELECT sum(total_amount) FROM orders WHERE status = 'completed' GROUP BY date_trunc('month', order_date)`,
    ],
    ['recurring revenue', `SELECT sum(mrr_amount) FROM subscriptions WHERE status = 'active' GROUP BY billing_date`],
    [
      'active users',
      `SELECT count(DISTINCT user_id) FROM user_events WHERE NOT is_internal GROUP BY date_trunc('month', event_date)`,
    ],
    ['conversion', `SELECT count(order_id) / count(*) FROM sessions GROUP BY date_trunc('month', started_at)`],
    [
      'tickets resolved',
      `SELECT avg(resolution_hours) FROM tickets WHERE status = 'resolved' GROUP BY date_trunc('month', created_at)`,
    ],
    ['infrastructure cost', `SELECT sum(cost_usd) FROM infra_costs GROUP BY date_trunc('month', usage_date)`],
  ])('%s can be told for each of the eighteen months', async (_, monthly) => {
    expect(await readRows(`SELECT * FROM (${monthly}) AS m(value) WHERE value > 0`, extract)).toHaveLength(18);
  });

  test.each([
    ['lost subscriptions', `SELECT * FROM subscriptions WHERE status = 'churned'`],
    ['expansion', `SELECT * FROM subscriptions WHERE change_type IN ('upgrade', 'seat_add') AND delta_mrr > 0`],
    ['deals won', `SELECT * FROM opportunities WHERE status = 'won'`],
    ['deals lost', `SELECT * FROM opportunities WHERE status = 'lost'`],
    [
      'deals in the pipeline',
      `SELECT * FROM opportunities WHERE status = 'open' AND probability > 0 AND deal_value > 0`,
    ],
  ])('there are %s', async (_, rows) => {
    expect((await readRows(rows, extract)).length).toBeGreaterThan(10);
  });
});
