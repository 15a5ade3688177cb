import { beforeAll, expect, test } from 'vitest';
import { updateTable } from '../../src/registry/update-table.ts';
import { decideAccessRequest } from '../../src/sharing/decide-access-request.ts';
import { revokeTableAccess } from '../../src/sharing/revoke-table-access.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { mutate } from '../api/mutate.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { homePage } from './home-page.ts';
import { tablePage } from './table-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`">';
const endless = 'x'.repeat(10_000);

describeInBrowser('the page of a table', () => {
  const app = useWebApp();
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  async function open(person: TestPerson) {
    const opened = await app.openPage({ as: person });
    return { ...opened, table: tablePage(opened.page) };
  }

  test('tells an administrator its facts, columns, rows, syncs and who may read it, live', async () => {
    const { orders } = await app.addSource('shop', {
      orders: { content: 'id,note\n1,first\n2,\n', primaryKey: ['id'], description: 'One row per order.' },
    });
    const { page, tables, table } = await open(administrator);
    await tables.open(app.server.url, '?q=each');
    await page.getByText('No table matches “each”.').waitFor();
    await tables.search.fill('');
    await tables.row('shop.orders').link.press('Enter');
    await table.heading('shop.orders').waitFor();
    await eventually(() => new URL(page.url()).search).toBe(`?id=${orders.id}`);
    await page.getByText('There are rows to see after the first sync.').waitFor();
    await page.getByText('No run has had this table yet.').waitFor();

    await app.sync('shop');
    await eventually(() => table.columns.allTextContents()).toEqual([
      'idkeyBIGINTnot described',
      'noteVARCHARnot described',
    ]);
    const columns = [{ name: 'note', description: 'Said for each order' }];
    const input = { tableId: `Table:${orders.id}`, columns };
    await mutate(app.server, administrator, { field: 'describeColumns', input });
    await eventually(() => table.sample.getByRole('row').allTextContents()).toEqual(['idnote', '1first', '2NULL']);
    await eventually(() => table.chart.getAttribute('aria-labelledby')).toBeTruthy();
    await eventually(() => table.chart.locator('rect').count()).toBe(1);
    app.writeFile('shop', 'orders', 'id,note\n1,"a,b"\n2,c,d\n');
    await app.sync('shop');
    await page.getByText('The last sync failed').waitFor();
    await eventually(() => table.chart.locator('rect').count()).toBe(2);
    expect(await table.chart.locator('title').first().textContent()).toMatch(/2 syncs, the oldest first: 1 failed/);
    await page.getByText('The same in words').click();
    const runs = page.getByRole('region', { name: 'The last syncs' }).getByRole('row');
    expect(await runs.nth(1).textContent()).toMatch(/^just nowFailed.*orders\.csv, line 3/);
    expect(await table.facts.allTextContents()).toEqual(expect.arrayContaining(['Failed', '2', 'when asked for']));
    expect(await table.code('The statement').textContent()).toBe('SELECT *\nFROM shop.orders\nLIMIT 100');
    expect(await table.code('The commands').textContent()).toContain('da sync --table shop.orders\n');
    expect(await table.reasons.allTextContents()).toEqual(['administrators read every table']);

    await tables.open(app.server.url, '?q=each order');
    expect(await tables.row('shop.orders').whole.textContent()).toContain('Column note: Said for each order');
  });

  test('a right that is taken away narrows the page without a reload; asked for and given, it comes back', async () => {
    const { plans } = await app.addSource('given', { plans: { content: 'id\n7\n', description: 'Secret plans.' } });
    await app.sync('given');
    const person = await app.person('core.viewer');
    const grant = await app.grant(person, plans);
    const { page, table, frame } = await open(person);
    await table.open(app.server.url, 'given.plans');
    await eventually(() => table.sample.getByRole('cell').allTextContents()).toEqual(['7']);
    expect(await table.reasons.allTextContents()).toEqual(['granted to the person']);
    expect(await frame.notice('Syncs').count()).toBe(0);
    const link = (await table.code('The link to this table').textContent())!;
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));

    await app.server.run(revokeTableAccess, { grantId: grant.id });
    await table.missing.waitFor();
    expect(await page.getByRole('main').textContent()).not.toMatch(/Secret|description|One row/);
    await table.ask.click();
    await page.getByText('Say what you need the table for.').waitFor();
    await table.reason.fill(`For the budget ${html}`);
    await table.ask.press('Enter');
    await frame.notice('You have asked for this table').waitFor();
    expect(await table.reason.count()).toBe(0);

    const other = await open(administrator);
    const home = homePage(other.page);
    await home.open(app.server.url);
    await eventually(() => home.requests.allTextContents()).toEqual([
      `given.plans${person.email}For the budget ${html}just now`,
    ]);
    const decide = async (decision: 'approve' | 'deny') => {
      const pending = await app.server.open.services.store.db
        .selectFrom('access_requests')
        .select('id')
        .where('status', '=', 'pending')
        .executeTakeFirstOrThrow();
      await app.server.run(decideAccessRequest, { id: pending.id, decision, note: 'Ask Ada' });
    };
    await decide('deny');
    await frame.notice('Your request was denied').waitFor();
    expect(await page.getByRole('main').textContent()).toContain('Ask Ada');
    await other.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await other.page.getByText('Nobody waits for access to a table.').waitFor();

    await page.goto(link);
    await table.reason.fill('Ada says yes');
    await table.ask.click();
    await frame.notice('You have asked for this table').waitFor();
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await decide('approve');
    await table.heading('given.plans').waitFor();
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  test('a table that one may not read and one that is not there look the same', async () => {
    await app.addSource('hidden', { salaries: { content: 'id\n1\n' } });
    const { page, table } = await open(await app.person('core.viewer'));
    const seen: string[] = [];
    for (const name of ['salaries', 'sausages']) {
      await table.open(app.server.url, `hidden.${name}`);
      await table.missing.waitFor();
      expect(await table.ask.count()).toBe(0);
      seen.push((await page.getByRole('main').innerHTML()).replaceAll(name, 'name'));
    }
    expect(seen[1]).toBe(seen[0]);
    await table.open(app.server.url, 'hidden.sausages', '?id=0f3a6a52-6a2e-4d5e-9b1f-2d1f0c3b4a59');
    await table.reason.fill('Just because');
    await table.ask.click();
    await eventually(() => page.getByRole('alert').textContent()).toBe('There is no table with this id.');
  });

  test('who lacks the role is told which; failures are told in their places and can be tried again', async () => {
    await app.addSource('failing', { orders: { content: 'id\n1\n' } });
    await app.sync('failing');
    const stranger = await open(await app.person());
    await stranger.table.open(app.server.url, 'failing.orders');
    await stranger.frame.notice('You may not see this page').waitFor();
    const message = 'Something went wrong on the server (request 0f3a).';
    const { page, table, frame } = await open(administrator);
    await page.route('**/graphql', async (route) => {
      const [, name = ''] = /query (Table|TableRuns|SampleRows)\(/.exec(route.request().postData() ?? '') ?? [];
      if (name === '' || !failing.has(name)) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    const failing = new Set(['Table', 'TableRuns', 'SampleRows']);
    await table.open(app.server.url, 'failing.orders');
    await frame.notice('The table could not be loaded').waitFor();
    failing.delete('Table');
    await frame.retry.click();
    await frame.notice('The syncs could not be loaded').waitFor();
    await page.getByText(`The rows could not be read. ${message}`).waitFor();
    failing.clear();
    await frame.retry.click();
    await table.chart.waitFor();
    await page.getByRole('button', { name: 'Read them again' }).click();
    await eventually(() => table.sample.getByRole('cell').allTextContents()).toEqual(['1']);
  });

  test('rows that stay in another system are asked for when somebody wants them, once', async () => {
    await app.addSource('remote', { orders: { content: 'id\n1\n' } });
    await app.sync('remote');
    const { page, table } = await open(administrator);
    const asked: string[] = [];
    await page.route('**/graphql', async (route) => {
      const body = route.request().postData() ?? '';
      if (body.includes('query SampleRows')) asked.push(body);
      if (!body.includes('query Table(')) return route.continue();
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace('"LOCAL"', '"REMOTE"') });
    });
    await table.open(app.server.url, 'remote.orders');
    const show = page.getByRole('button', { name: 'Show 20 rows' });
    await show.waitFor();
    await app.sync('remote');
    await eventually(() => table.chart.locator('rect').count()).toBe(2);
    expect(asked).toEqual([]);
    await show.click();
    await eventually(() => table.sample.getByRole('cell').allTextContents()).toEqual(['1']);
    await app.sync('remote');
    await eventually(() => table.chart.locator('rect').count()).toBe(3);
    expect(asked).toHaveLength(1);
  });

  test(
    'hostile and endless texts break nothing, wide tables stay in pages, and axe finds nothing',
    async () => {
      const source = `hostile`;
      const names = Array.from({ length: 120 }, (_, place) => `column_${place}`);
      const quoted = `"${html.replaceAll('"', '""')}"`;
      const { odd } = await app.addSource(source, {
        odd: {
          content: `id,${quoted},\u202Eהפוך\n1,${endless},${quoted}\n`,
          description: `${html}${endless.slice(0, 9000)}`,
        },
        wide: { content: `${names.join()}\n${names.map(() => '1').join()}\n` },
      });
      await app.sync(source);
      await app.server.run(updateTable, { id: odd.id, primaryKey: ['id'] });
      const { page, table } = await open(administrator);
      await table.open(app.server.url, `${source}.odd`);
      await table.sample.waitFor();
      await table.chart.waitFor();
      await page.getByText('The same in words').click();
      const cells = await table.sample.getByRole('cell').allTextContents();
      expect(cells).toEqual(['1', `${'x'.repeat(200)}…`, html]);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.title()).toBe(`${source}.odd · Agnes`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);

      await table.open(app.server.url, `${source}.wide`);
      await eventually(() => table.columns.count()).toBe(50);
      await page.getByText('The first 40 of 120 columns.').waitFor();
      await page.getByRole('button', { name: 'Next 50' }).press('Enter');
      await table.column('column_50').waitFor();
      await page.getByRole('searchbox', { name: 'Search columns' }).fill('column_119');
      await eventually(() => table.columns.count()).toBe(1);

      await table.open(app.server.url, encodeURIComponent(`${html}${endless.slice(0, 500)}`), `?id=${odd.id}`);
      await table.missing.waitFor();
      await page.getByRole('textbox').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    },
    axeMilliseconds,
  );
});
