import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareDemo } from '../../src/demo/prepare-demo.ts';
import { writeSampleCompany } from '../../src/demo/sample-company.ts';
import { readStarterMetrics } from '../../src/demo/starter-metrics.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';

type Row = Record<string, string>;

let server: TestServer;
let person: TestPerson;
const said: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  const tables = await writeSampleCompany(server.files);
  const given = { open: server.open, folder: server.files, tables, email: 'dev@example.com', groups: [] };
  await prepareDemo({ ...given, say: (line) => said.push(line) });
  person = await server.person('analyst', ['core.admin']);
}, 60_000);
afterAll(() => server.close());

/** The rows of a sample file; none of those that are read here holds a quoted comma. */
function rowsOf(table: string): Row[] {
  const [header = '', ...lines] = readFileSync(join(server.files, `${table}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.some((line) => line.includes('"'))).toBe(false);
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index]!]));
  });
}

async function run(id: string, args = ''): Promise<unknown[][]> {
  const query = `{ runMetric(id: "${id}"${args}) { rows truncated } }`;
  const { data, errors } = await ask(server, { as: { token: person.token }, query });
  expect(errors).toBeUndefined();
  expect(data.runMetric.truncated).toBe(false);
  return data.runMetric.rows;
}

function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}

function money(amount: number): string {
  return (amount / 100).toFixed(2);
}

function monthOf(time: string): string {
  return `${time.slice(0, 7)}-01`;
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => string): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups].toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** `[...key parts, sum of the column]`, in the order of the keys. */
function sums(rows: readonly Row[], column: string, keyOf: (row: Row) => string): unknown[][] {
  return grouped(rows, keyOf).map(([key, group]) => [
    ...key.split('|'),
    money(group.reduce((sum, row) => sum + cents(row[column]!), 0)),
  ]);
}

function distinct(rows: readonly Row[], column: string): number {
  return new Set(rows.map((row) => row[column])).size;
}

const active = (row: Row) => row['status'] === 'active';

test('the demo imports every file of the pack, none of which misfits its tables', async () => {
  expect((await readStarterMetrics()).map(({ path }) => path)).toHaveLength(11);
  const after = said.slice(said.indexOf('Imported 11 metric definitions.'));
  expect(after).toEqual(['Imported 11 metric definitions.']);
});

test('every statement of the pack runs over the sample company and answers rows', async () => {
  for (const { id, definition } of server.open.services.metrics.metrics()) {
    expect(await run(id), id).not.toEqual([]);
    for (const { name } of definition.sqlVariants) {
      expect(await run(id, `, variant: "${name}"`), `${id} ${name}`).not.toEqual([]);
    }
  }
});

describe('revenue', () => {
  test('total revenue is what completed orders cost, by month and by channel', async () => {
    const completed = rowsOf('orders').filter(({ status }) => status === 'completed');
    const byMonth = sums(completed, 'total_amount', (row) => monthOf(row['order_date']!));
    expect(byMonth).toHaveLength(18);
    expect(await run('revenue/total_revenue')).toEqual(byMonth);
    expect(await run('revenue/total_revenue', ', variant: "by_channel"')).toEqual(
      sums(completed, 'total_amount', (row) => `${monthOf(row['order_date']!)}|${row['channel']}`),
    );
  });

  test('a cut counts the rows of the cut and no other', async () => {
    const chosen = rowsOf('orders').filter(
      ({ status, order_date, channel }) =>
        status === 'completed' && order_date! >= '2025-11-15' && order_date! < '2026-02-10' && channel !== 'partner',
    );
    const cut =
      ', from: "2025-11-15", to: "2026-02-10", filters: [{ dimension: "channel", values: ["web", "mobile", "sales"] }]';
    const expected = sums(chosen, 'total_amount', (row) => monthOf(row['order_date']!));
    expect(expected).toHaveLength(4);
    expect(await run('revenue/total_revenue', cut)).toEqual(expected);
  });

  test('MRR is what active subscriptions pay, ARR twelve times that', async () => {
    const rows = rowsOf('subscriptions').filter(active);
    const mrr = sums(rows, 'mrr_amount', (row) => row['billing_date']!);
    expect(await run('revenue/mrr')).toEqual(mrr);
    expect(await run('revenue/mrr', ', variant: "by_plan"')).toEqual(
      sums(rows, 'mrr_amount', (row) => `${row['billing_date']}|${row['plan']}`),
    );
    expect(await run('revenue/arr')).toEqual(mrr.map(([month, sum]) => [month, money(cents(String(sum)) * 12)]));
  });

  test('churn is measured against the active MRR of the month before, also when it is cut to single months', async () => {
    const months = grouped(rowsOf('subscriptions'), (row) => row['billing_date']!);
    const sumOf = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + cents(row['mrr_amount']!), 0);
    const expected = months.slice(1).map(([month, rows], index) => {
      const churned = rows.filter(({ status }) => status === 'churned');
      const before = sumOf(months[index]![1].filter(active));
      const rate = Math.round((10_000 * sumOf(churned)) / before) / 100;
      return [month, churned.length === 0 ? null : money(sumOf(churned)), money(before), rate];
    });
    expect(expected.filter(([, , , rate]) => Number(rate) > 0).length).toBeGreaterThan(10);
    expect(await run('revenue/churn_rate', ', from: "2025-02-01"')).toEqual(expected);
    const [month] = expected[4]!;
    const next = expected[5]![0];
    expect(await run('revenue/churn_rate', `, from: "${month}", to: "${next}"`)).toEqual([expected[4]]);
  });
});

describe('product usage', () => {
  const events = () => rowsOf('user_events').filter((row) => row['is_internal'] === 'false');

  test('active users are different people who are no colleagues', async () => {
    expect(await run('product_usage/active_users')).toEqual(
      grouped(events(), (row) => monthOf(row['event_date']!)).map(([month, rows]) => [
        month,
        String(distinct(rows, 'user_id')),
      ]),
    );
  });

  test('adoption of a feature is its users among the active ones of the month', async () => {
    const expected = grouped(events(), (row) => monthOf(row['event_date']!)).flatMap(([month, rows]) => {
      const all = distinct(rows, 'user_id');
      return grouped(rows, (row) => row['feature']!).map(([feature, used]) => {
        const users = distinct(used, 'user_id');
        return [month, feature, String(users), String(all), Math.round((10_000 * users) / all) / 100];
      });
    });
    expect(await run('product_usage/feature_adoption')).toEqual(expected);
  });
});

describe('sales', () => {
  /** New customers by month; those of one country when it is given. */
  function newCustomers(country?: string): unknown[][] {
    const known = rowsOf('customers').filter((row) => country === undefined || row['country'] === country);
    const ids = new Set(known.map((row) => row['customer_id']));
    const orders = rowsOf('orders').filter((row) => row['status'] !== 'cancelled' && ids.has(row['customer_id']!));
    const firsts = grouped(orders, (row) => row['customer_id']!).map(([, rows]) => ({
      month: monthOf(rows.map((row) => row['order_date']!).toSorted()[0]!),
    }));
    return grouped(firsts, ({ month }) => month!).map(([month, rows]) => [month, String(rows.length)]);
  }

  test('a customer is new in the month of the first order that was not cancelled', async () => {
    expect(await run('sales/new_customers')).toEqual(newCustomers());
    const cut = ', filters: [{ dimension: "country", values: ["DE"] }]';
    expect(await run('sales/new_customers', cut)).toEqual(newCustomers('DE'));
  });

  test('expansion is what subscriptions gained by upgrades and seats', async () => {
    const gains = rowsOf('subscriptions').filter(
      (row) => ['upgrade', 'seat_add'].includes(row['change_type']!) && Number(row['delta_mrr']) > 0,
    );
    expect(await run('sales/upsell_expansion')).toEqual(sums(gains, 'delta_mrr', (row) => row['billing_date']!));
  });

  test('the pipeline weighs open deals with their probability', async () => {
    const open = rowsOf('opportunities').filter(({ status }) => status === 'open');
    const expected = grouped(open, (row) => `${monthOf(row['created_at']!)}|${row['stage']}`).map(([key, rows]) => [
      ...key.split('|'),
      String(rows.length),
      money(rows.reduce((sum, row) => sum + cents(row['deal_value']!), 0)),
      (rows.reduce((sum, row) => sum + cents(row['deal_value']!) * cents(row['probability']!), 0) / 10_000).toFixed(4),
    ]);
    expect(await run('sales/pipeline_value')).toEqual(expected);
  });
});

describe('operations', () => {
  test('the cost of infrastructure is the sum of its days, by month and provider', async () => {
    const rows = rowsOf('infra_costs');
    expect(await run('operations/infrastructure_cost')).toEqual(
      sums(rows, 'cost_usd', (row) => monthOf(row['usage_date']!)),
    );
    expect(await run('operations/infrastructure_cost', ', variant: "by_provider"')).toEqual(
      sums(rows, 'cost_usd', (row) => `${monthOf(row['usage_date']!)}|${row['provider']}`),
    );
  });

  test('tickets take their mean, median and 95th percentile of hours', async () => {
    const resolved = rowsOf('tickets').filter((row) => row['resolution_hours'] !== '');
    const expected = grouped(resolved, (row) => row['priority']!).map(([priority, rows]) => {
      const hours = rows.map((row) => Number(row['resolution_hours'])).toSorted((left, right) => left - right);
      const mean = hours.reduce((sum, value) => sum + value, 0) / hours.length;
      return [priority, String(rows.length), mean, percentile(hours, 0.5), percentile(hours, 0.95)];
    });
    const got = await run('operations/support_resolution_time', ', variant: "by_priority"');
    expect(got.map(([priority, count]) => [priority, count])).toEqual(expected.map((row) => row.slice(0, 2)));
    for (const [index, row] of expected.entries()) {
      for (const column of [2, 3, 4])
        expect(Math.abs(Number(got[index]![column]) - Number(row[column]))).toBeLessThan(0.011);
    }
  });

  /** The value at that part of the sorted values, between two of them in proportion. */
  function percentile(values: readonly number[], part: number): number {
    const place = (values.length - 1) * part;
    const below = values[Math.floor(place)]!;
    return below + (values[Math.ceil(place)]! - below) * (place - Math.floor(place));
  }
});
