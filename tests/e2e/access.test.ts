import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Table } from '../../src/registry/table.ts';
import { createRole } from '../../src/access/create-role.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { ask, type TestPerson } from '../kit/server.ts';
import { accessPage, matrixPage, requestsPage } from './access-page.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`"> "quoted"';
const rightToLeft = '\u202Eקבוצת המכירות';

describeInBrowser('the pages of access to tables', () => {
  const app = useWebApp();
  let administrator: TestPerson;
  let orders: Table;
  let visits: Table;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
    ({ orders, visits } = await app.addSource('shop', {
      orders: { content: 'id\n1\n', description: `${html}${rightToLeft}${'x'.repeat(9000)}` },
      visits: { content: 'id\n1\n' },
    }));
  });

  async function open(as = administrator) {
    const opened = await app.openPage({ as });
    const { page } = opened;
    return { ...opened, access: accessPage(page), requests: requestsPage(page), matrix: matrixPage(page) };
  }

  async function request(person: TestPerson, table: Table, reason: string): Promise<void> {
    const query = `mutation ($input: RequestTableAccessInput!) { requestTableAccess(input: $input) { __typename } }`;
    const variables = { input: { tableId: `Table:${table.id}`, reason } };
    const { data } = await ask(app.server, { as: { token: person.token }, query, variables });
    expect(data.requestTableAccess.__typename).toBe('RequestTableAccessPayload');
  }

  test('a grant and a denial change the other person’s page at once, and both ways tell why', async () => {
    const person = await app.person('core.analyst');
    const other = await app.openTables({ as: person });
    await other.frame.notice('There is no table for you yet').waitFor();
    await other.page.evaluate(() => Object.assign(window, { sameDocument: true }));
    const { page, access, frame } = await open();
    await access.open(app.server.url);
    await frame.notice('Nothing is chosen').waitFor();
    await access.table.fill('order');
    await access.option('shop.orders').waitFor();
    await access.table.press('Enter');
    await eventually(() => new URL(page.url()).search).toBe('?table=shop.orders');
    expect(await access.table.evaluate((field) => field === document.activeElement)).toBe(true);
    await access.option('shop.orders').waitFor({ state: 'hidden' });
    await eventually(() => access.reader(administrator.email).textContent()).toContain('Administrators read');
    expect(await access.reader(person.email).count()).toBe(0);

    await access.form.getByRole('button', { name: 'Grant' }).click();
    await page.getByText('Choose a role.').waitFor();
    await access.form.getByLabel('Role', { exact: true }).selectOption('core.analyst');
    await access.form.getByLabel('Until, if it is to end').fill('2020-01-01T00:00');
    await access.form.getByRole('button', { name: 'Grant' }).click();
    await eventually(() => access.form.textContent()).toContain('future');
    await access.form.getByLabel('Until, if it is to end').fill('2099-01-01T00:00');
    await access.form.getByRole('button', { name: 'Grant' }).click();
    await eventually(() => access.grant('core.analyst').textContent()).toMatch(/may read.*on the table.*ends in/);
    await eventually(() => access.reader(person.email).textContent()).toContain('to the role Analyst');
    await other.tables.row('shop.orders').whole.waitFor();

    await access.reader(person.email).getByRole('link').click();
    await access.verdict(`${person.email} may read it`).waitFor();
    expect(new URL(page.url()).search).toBe(`?table=shop.orders&user=${person.id}`);
    await access.form.getByLabel('What', { exact: true }).selectOption('DENY');
    await access.form.getByLabel('On', { exact: true }).selectOption('source');
    await access.form.getByRole('button', { name: 'Deny it to this user' }).click();
    await access.verdict(`${person.email} may not read it`).waitFor();
    await eventually(() => access.reasons.allTextContents()).toEqual([
      expect.stringMatching(/^againstDenied on the source shop to the person.*decides$/),
      expect.stringMatching(/^forGranted on the table to the role Analyst/),
    ]);
    await other.tables.row('shop.orders').whole.waitFor({ state: 'detached' });
    expect(await other.page.evaluate(() => 'sameDocument' in window)).toBe(true);

    await page.getByRole('button', { name: `Revoke: ${person.email} must not read` }).click();
    await access.press('Revoke it');
    await access.verdict(`${person.email} may read it`).waitFor();
    await access.table.fill('');
    await eventually(() => access.readable('shop.orders').textContent()).toContain('granted to the role Analyst');
    expect(new URL(page.url()).search).toBe(`?user=${person.id}`);
    await page.goBack();
    await access.verdict(`${person.email} may read it`).waitFor();
    await access.open(app.server.url, `?table=${orders.id}`);
    await eventually(() => access.table.inputValue()).toBe('shop.orders');
    await access.open(app.server.url, '?table=shop.nothing');
    await frame.notice('There is no such table').waitFor();
    await access.open(app.server.url, '?user=nobody');
    await frame.notice('There is no such user').waitFor();
  });

  test('a request comes in by itself, is approved until a moment or denied with a note, and once only', async () => {
    const [asker, second] = [await app.person('core.viewer'), await app.person('core.viewer')];
    const { page, requests, frame } = await open();
    const late = await open(await app.person('core.admin'));
    await requests.open(app.server.url);
    await frame.notice('Nobody waits for a decision').waitFor();
    await request(asker, visits, `${html}\n${rightToLeft}`);
    await eventually(() => requests.requests.allTextContents()).toEqual([expect.stringContaining(asker.email)]);
    expect(await requests.requests.first().textContent()).toContain(html);
    await late.requests.open(app.server.url);
    await late.requests.deny(asker.email).click();

    await requests.approve(asker.email).click();
    await requests.dialog.getByLabel('Until, if it is to end').fill('2020-01-01T00:00');
    await requests.press('Approve it');
    await eventually(() => requests.dialog.textContent()).toContain('future');
    await requests.dialog.getByLabel('Until, if it is to end').fill('2099-01-01T00:00');
    await requests.press('Approve it');
    await frame.notice('Nobody waits for a decision').waitFor();
    expect(app.server.open.services.tableAccess.canRead(asker.id, visits.id)).toBe(true);

    await late.requests.press('Deny it');
    await eventually(() => late.requests.dialog.getByRole('alert').textContent()).toBe(
      `This request was approved by ${administrator.email} already.`,
    );
    await late.frame.notice('Nobody waits for a decision').waitFor();

    await request(second, visits, 'To count them.');
    await requests.deny(second.email).click();
    await requests.dialog.getByLabel('Note to who asked').fill('Ask again in spring.');
    await requests.press('Deny it');
    await frame.notice('Nobody waits for a decision').waitFor();
    await requests.filter('Denied').click();
    await eventually(() => requests.requests.allTextContents()).toEqual([
      expect.stringMatching(/asks to read shop.visits.*Denied by .*Ask again in spring\./s),
    ]);
    expect(new URL(page.url()).search).toBe('?status=denied');
    await requests.filter('All').click();
    await eventually(() => requests.requests.count()).toBe(2);
    expect(await requests.requests.last().textContent()).toContain('; ends in');
  });

  test('everybody reads the rule of every operation, searched and narrowed in the address', async () => {
    const person = await app.person('core.viewer');
    const { page, matrix, frame } = await open(person);
    await matrix.open(app.server.url);
    await eventually(() => matrix.rule('Mutation.grantRole').textContent()).toMatch(/grantRole.*core\.admin.*may not$/);
    expect(await matrix.rule('Query.tables').textContent()).toMatch(/core\.viewer.*core\.analyst.*may$/);
    const all = await matrix.rules.count();
    await matrix.onlyMine.check();
    await eventually(() => matrix.rule('Mutation.grantRole').count()).toBe(0);
    await matrix.search.fill('TOKEN');
    await eventually(() => new URL(page.url()).search).toBe('?q=TOKEN&mine=yes');
    await matrix.rule('Mutation.createToken').waitFor();
    await page.reload();
    await matrix.rule('Mutation.createToken').waitFor();
    expect(await matrix.onlyMine.isChecked()).toBe(true);
    await matrix.open(app.server.url, '?role=core.admin');
    await eventually(() => matrix.rules.count()).toBe(all);
    await matrix.role.selectOption('core.km_admin');
    await eventually(() => matrix.rule('Mutation.grantRole').count()).toBe(0);
    await matrix.rule('Mutation.saveMetric').waitFor();
    await matrix.search.fill('nothing has this');
    await frame.notice('No rule fits').waitFor();
  });

  test('who lacks the role is told which and given words to ask for it, and the pages ask the server for nothing', async () => {
    const { page, access, requests, frame } = await open(await app.person('core.km_admin'));
    const asked: string[] = [];
    page.on('request', (sent) => asked.push(sent.postData() ?? ''));
    for (const visit of [() => access.open(app.server.url), () => requests.open(app.server.url)]) {
      await visit();
      await frame.notice('You may not see this page').waitFor();
      const said = await page.getByRole('alert').textContent();
      expect(said).toContain('Please give me the role core.admin on Agnes.');
      expect(said).toContain(`Page: ${page.url()}`);
    }
    expect(await frame.navigation.textContent()).not.toMatch(/Table access|Access requests/);
    expect(asked.filter((body) => /query (Table|User|AccessR)/.test(body))).toEqual([]);
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  test('failures of the server are told where they happened, and trying again works', async () => {
    const message = 'Something went wrong on the server (request 0f3a).';
    const { page, access, requests, matrix, frame } = await open();
    await page.route('**/graphql', async (route) => {
      if (!/query (TableReaders|AccessRequests|Matrix)\b/.test(route.request().postData() ?? ''))
        return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    await requests.open(app.server.url);
    await frame.notice('The requests could not be loaded').waitFor();
    await matrix.open(app.server.url);
    await frame.notice('The matrix could not be loaded').waitFor();
    await access.open(app.server.url, '?table=shop.orders');
    await frame.notice('The readers could not be loaded').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(message);
    await page.unroute('**/graphql');
    await frame.retry.click();
    await access.reader(administrator.email).waitFor();
  });

  test(
    'hostile and endless names break nothing, and axe finds nothing',
    async () => {
      const role = { key: `hostile.role`, displayName: html, implies: ['core.viewer'] };
      await app.server.run(createRole, role);
      const person = await app.person(role.key);
      const name = `${html}${rightToLeft}${'x'.repeat(10_000)}`;
      await app.server.open.services.store.write((tx) =>
        tx.db.updateTable('users').set({ name }).where('id', '=', person.id).execute(),
      );
      await request(person, visits, 'y'.repeat(1900));
      await app.grant(person, orders);
      const { page, access, requests, matrix } = await open();
      await requests.open(app.server.url);
      await requests.approve(person.email).click();
      await requests.dialog.getByLabel('Note to who asked').waitFor();
      await expectSound(page);
      await access.open(app.server.url, '?table=shop.orders');
      await access.reader(person.email).waitFor();
      await access.user.fill(person.email);
      await access.option(person.email).waitFor();
      await expectSound(page);
      await access.user.press('Enter');
      await access.verdict(`${person.email} may read it`).waitFor();
      await page.getByRole('button', { name: `Revoke: ${person.email} may read` }).click();
      await access.dialog.getByRole('button', { name: 'Revoke it' }).waitFor();
      await expectSound(page);
      await access.open(app.server.url, `?user=${person.id}`);
      await access.readable('shop.orders').waitFor();
      await expectSound(page);
      await matrix.open(app.server.url);
      await matrix.rules.first().waitFor();
      await expectSound(page);
    },
    axeMilliseconds,
  );
});

async function expectSound(page: Page): Promise<void> {
  expect(await findAccessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).not.toBe('broken');
}
