import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { deleteMetric } from '../../src/catalog/delete-metric.ts';
import { saveMetric } from '../../src/catalog/save-metric.ts';
import { revokeTableAccess } from '../../src/sharing/revoke-table-access.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { commandPalette } from './command-palette.ts';
import { metricsPage } from './metrics-page.ts';
import { sqlPage } from './sql-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`"> "quoted"';
const rightToLeft = '\u202Eקבוצת המכירות';
const orders = `id,channel,day,amount
1,web,2026-01-05,10.00
2,partner,2026-01-20,20.00
3,web,2026-02-03,40.00
4,"it's, really",2026-02-04,80.00
`;
const byMonth = `SELECT date_trunc('month', day)::DATE AS month, sum(amount)::DECIMAL(9,2) AS revenue FROM shop.orders GROUP BY ALL ORDER BY ALL`;
const byChannel = 'SELECT channel, sum(amount)::DECIMAL(9,2) AS revenue FROM shop.orders GROUP BY ALL ORDER BY ALL';

describeInBrowser('the pages of metrics', () => {
  const app = useWebApp();
  let reader: TestPerson;
  let curator: TestPerson;
  let tableId: string;

  beforeAll(async () => {
    const tables = await app.addSource('shop', {
      orders: { content: orders, types: { amount: 'DECIMAL(9,2)' } },
      salaries: { content: 'person,salary\nada,1\n' },
    });
    await app.sync('shop');
    reader = await app.person('core.viewer');
    curator = await app.person('core.km_admin');
    for (const person of [reader, curator]) await app.grant(person, tables.orders);
    tableId = tables.orders.id;
    await app.server.run(saveMetric, {
      category: 'sales',
      name: 'revenue.v1',
      displayName: 'Revenue',
      description: 'What orders bring in.',
      unit: 'USD',
      table: 'shop.orders',
      timeColumn: 'day',
      dimensions: ['channel', 'id'],
      synonyms: ['turnover'],
      notes: ['Without tax.'],
      filters: ["status = 'paid'"],
      sql: byMonth,
      sqlVariants: [{ name: 'by_channel', sql: byChannel }],
    });
    await app.server.run(saveMetric, {
      category: 'product',
      name: 'constant',
      displayName: 'A constant',
      sql: 'SELECT 1 AS one',
    });
    await app.server.run(saveMetric, {
      category: 'sales',
      name: 'payroll',
      displayName: 'Payroll',
      table: 'shop.salaries',
      tables: ['shop.gone'],
      sql: 'SELECT sum(salary) FROM shop.salaries',
    });
  });

  async function open(visit: { as?: TestPerson; colorScheme?: 'light' | 'dark' } = {}) {
    const opened = await app.openPage({ as: visit.as ?? reader, colorScheme: visit.colorScheme });
    return { ...opened, metrics: metricsPage(opened.page) };
  }

  test('are listed by category and searched, which stands in the address; one leads to its definition', async () => {
    const { page, metrics } = await open();
    await metrics.open(app.server.url);
    await eventually(() => metrics.ids()).toEqual(['product/constant', 'sales/revenue.v1']);
    expect(await metrics.categories.allTextContents()).toEqual(['product', 'sales']);
    await metrics.search.fill('TURN');
    await eventually(() => metrics.ids()).toEqual(['sales/revenue.v1']);
    expect(await metrics.category.locator('option').allTextContents()).toEqual(['All categories', 'sales']);
    await eventually(() => new URL(page.url()).search).toBe('?q=TURN');
    await metrics.search.fill('');
    await eventually(() => metrics.metrics.count()).toBe(2);
    await metrics.category.selectOption('product');
    await eventually(() => metrics.ids()).toEqual(['product/constant']);
    await page.reload();
    await eventually(() => metrics.ids()).toEqual(['product/constant']);
    await page.goBack();
    await eventually(() => metrics.metrics.count()).toBe(2);
    await metrics.search.fill('nothing like it');
    await page.getByRole('heading', { name: 'No metric found' }).waitFor();
    await metrics.search.fill('');
    await metrics.metric('sales/revenue.v1').getByRole('link').press('Enter');
    await metrics.heading('Revenue').waitFor();
    await page.reload();
    await metrics.heading('Revenue').waitFor();
    expect(await page.title()).toBe('Revenue · Agnes');
    const told = await page.getByRole('main').textContent();
    for (const part of ['What orders bring in.', 'Without tax.', 'turnover', "status = 'paid'", 'channel, id', 'USD']) {
      expect(told).toContain(part);
    }
    await metrics.tables.getByRole('link').click();
    await metrics.heading('shop.orders').waitFor();
    await page.getByRole('link', { name: 'Open in SQL' }).click();
    await eventually(() => sqlPage(page).written()).toBe('SELECT *\nFROM shop.orders\nLIMIT 100');
    const palette = commandPalette(page);
    await palette.open();
    await palette.field.fill('turnover');
    await eventually(() => palette.chosen.textContent()).toBe('Revenuesales');
    await page.keyboard.press('Enter');
    await metrics.heading('Revenue').waitFor();
  });

  test('one is run as it is and narrowed, its numbers drawn, and what was run can be linked to', async () => {
    const { page, metrics } = await open();
    await metrics.openMetric(app.server.url, 'sales/revenue.v1');
    await metrics.run.click();
    await eventually(() => metrics.values()).toEqual([
      ['2026-01-01', '30.00'],
      ['2026-02-01', '120.00'],
    ]);
    expect(await metrics.chart.locator('title').first().textContent()).toMatch(
      /^Lines of revenue over month: .*30 and 120/,
    );
    expect(await metrics.reads.textContent()).toContain('shop.orders');
    await metrics.field('Variant').selectOption('by_channel');
    await metrics.field('From').fill('2026-01-20');
    await metrics.form.getByLabel('Narrow by').selectOption('channel');
    for (const value of ["it's, really", 'partner']) {
      await metrics.field('channel').fill(value);
      await metrics.field('channel').press('Enter');
    }
    await metrics.run.click();
    const narrowed = [
      ["it's, really", '80.00'],
      ['partner', '20.00'],
    ];
    await eventually(() => metrics.values()).toEqual(narrowed);
    await eventually(() => metrics.drawn.count()).toBe(2);
    expect(await metrics.chart.locator('title').first().textContent()).toMatch(/^Bars of revenue over channel/);
    await page.reload();
    expect(await metrics.field('Variant').inputValue()).toBe('by_channel');
    expect(await metrics.field('From').inputValue()).toBe('2026-01-20');
    expect(await metrics.table.count()).toBe(0);
    await metrics.run.click();
    await eventually(() => metrics.values()).toEqual(narrowed);

    await metrics.form.getByRole('button', { name: 'Do not narrow by channel' }).click();
    await metrics.form.getByLabel('Narrow by').selectOption('id');
    await metrics.field('id').fill('many');
    await metrics.run.click();
    await eventually(() => metrics.failure.textContent()).toContain('"many" is no BIGINT.');
    await metrics.openInSql('by_channel').click();
    await eventually(() => sqlPage(page).written()).toBe(byChannel);
    expect(await metrics.table.count()).toBe(0);
  });

  test('whose tables somebody may not read are hidden, and said to be unreadable to curators', async () => {
    const { page, metrics, frame } = await open();
    await metrics.openMetric(app.server.url, 'sales/payroll');
    await frame.notice('There is no such metric').waitFor();
    const other = await open({ as: curator });
    await other.metrics.openMetric(app.server.url, 'sales/payroll');
    await other.metrics.heading('Payroll').waitFor();
    const unreadable = ['shop.salaries', 'shop.gone'].map((name) => `${name} does not exist, or you may not read it`);
    expect(await other.metrics.tables.allTextContents()).toEqual(unreadable);
    await other.metrics.run.click();
    await eventually(() => other.metrics.failure.textContent()).toMatch(/^The table shop\.salaries does not exist, or/);
    expect(await page.getByRole('main').textContent()).not.toContain('salaries');
  });

  test('one leaves the list of somebody who has just lost a table, without a reload', async () => {
    const person = await app.person('core.viewer');
    const table = app.server.open.services.registry.table(tableId)!;
    const grant = await app.grant(person, table);
    const { page, metrics } = await open({ as: person });
    await metrics.open(app.server.url);
    await metrics.metric('sales/revenue.v1').waitFor();
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await app.server.run(revokeTableAccess, { grantId: grant.id });
    await eventually(() => metrics.ids()).toEqual(['product/constant']);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  test('failures and the lack of a role are told, and trying again works', async () => {
    const message = 'Something went wrong on the server (request 0f3a).';
    const { page, metrics, frame } = await open();
    await page.route('**/graphql', async (route) => {
      if (!/query Metrics?\(/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    await metrics.open(app.server.url);
    await frame.notice('The metrics could not be loaded').waitFor();
    await metrics.openMetric(app.server.url, 'sales/revenue.v1');
    await frame.notice('The metric could not be loaded').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(message);
    await page.unroute('**/graphql');
    await frame.retry.click();
    await metrics.heading('Revenue').waitFor();

    const stranger = await open({ as: await app.person() });
    for (const path of ['', '/sales/revenue.v1']) {
      await stranger.metrics.open(app.server.url, path);
      await stranger.frame.notice('You may not see this page').waitFor();
    }
    expect(await stranger.frame.navigation.textContent()).not.toContain('Metrics');
  });

  test(
    'hostile and endless words break nothing, and axe finds nothing',
    async () => {
      const words = `${html}${rightToLeft}${'x'.repeat(900)}`;
      await app.server.run(saveMetric, {
        category: 'hostile',
        name: 'x'.repeat(100),
        displayName: words,
        unit: words,
        description: `${html}${'x'.repeat(9000)}`,
        expression: words,
        table: 'shop.orders',
        timeColumn: 'day',
        dimensions: ['channel', words],
        filters: [words],
        synonyms: [words],
        notes: [words],
        sql: byMonth,
        sqlVariants: [
          {
            name: `by_${'x'.repeat(60)}`,
            sql: `SELECT '${'x'.repeat(5000)}' AS "${'y'.repeat(500)}", id, id + 1 FROM shop.orders`,
          },
        ],
      });
      const { page, metrics } = await open({ as: curator });
      await metrics.open(app.server.url);
      await metrics.metrics.first().waitFor();
      await expectSound(page);
      await metrics.openMetric(app.server.url, `hostile/${'x'.repeat(100)}`);
      await metrics.run.click();
      await metrics.chart.waitFor();
      await metrics.form.getByLabel('Narrow by').selectOption('channel');
      await metrics.field('channel').fill(words);
      await metrics.field('channel').press('Enter');
      await expectSound(page);
      await metrics.form.getByRole('button', { name: 'Do not narrow by channel' }).click();
      await metrics.field('Variant').selectOption(`by_${'x'.repeat(60)}`);
      await metrics.run.click();
      await metrics.table.getByRole('columnheader', { name: 'yyy' }).waitFor();
      await expectSound(page);
    },
    axeMilliseconds,
  );

  test('where there is none it is said who sees them, and curators are told how to define one', async () => {
    for (const { id } of app.server.open.services.metrics.metrics()) await app.server.run(deleteMetric, { id });
    const { page, metrics } = await open();
    await metrics.open(app.server.url);
    await page.getByRole('heading', { name: 'There is no metric for you yet' }).waitFor();
    expect(await page.getByRole('main').textContent()).not.toContain('da metrics import');
    const other = await open({ as: curator });
    await other.metrics.open(app.server.url);
    await other.page.getByText('da metrics import').waitFor();
  });
});

async function expectSound(page: Page): Promise<void> {
  expect(await findAccessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).not.toBe('broken');
}
