import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { setCoreRole } from '../../src/access/set-core-role.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { sourcesPage, syncRunsPage } from './sources-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const longMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`"> "quoted"';
const rightToLeft = '\u202Eקבוצת המכירות';

describeInBrowser('the pages of sources', () => {
  const app = useWebApp();
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  async function open() {
    const opened = await app.openPage({ as: administrator });
    return { ...opened, sources: sourcesPage(opened.page), runs: syncRunsPage(opened.page) };
  }

  const registry = () => app.server.open.services.registry;

  function makeFolder(name: string, files: Record<string, string>): string {
    const folder = join(app.server.files, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
    return folder;
  }

  test(
    'a source is connected, checked and searched for tables; the bad line of a file is told, and mended it is tried again',
    { timeout: longMilliseconds },
    async () => {
      const bad = 'id,total\n1,10\n2,20,surplus\n';
      const folder = makeFolder('shop', { 'orders.csv': bad, 'customers.csv': 'id\n1\n', 'returns.csv': 'id\n1\n' });
      const { page, sources, runs, frame } = await open();
      await sources.open(app.server.url);
      await frame.notice('No source is connected yet').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await sources.connect.press('Enter');
      await sources.field('Name of the source').fill('shop');
      await sources.field('folder').fill('shop');
      await sources.press('Check and connect the source');
      await eventually(() => sources.field('folder').getAttribute('aria-invalid')).toBe('true');
      await sources.field('folder').fill('/etc');
      await sources.press('Check and connect the source');
      await eventually(() => sources.dialog.getByRole('alert').textContent()).toContain('FILES_ALLOWED_ROOTS');
      expect(registry().sources()).toEqual([]);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await sources.field('folder').fill(folder);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor();
      expect(new URL(page.url()).hash).toBe('#discover');

      await sources.offer('returns').waitFor();
      // Names that are offered are free and valid; somebody else may be faster, which this stands for.
      await page.route('**/graphql', async (route) => {
        const body = route.request().postData() ?? '';
        await route.continue({ postData: body.replace('"name":"returns"', '"name":"Not a name"') });
      });
      await sources.button('Register 3 tables').click();
      const refused = page.getByRole('alert');
      await refused.getByText('returns').waitFor();
      expect(await refused.textContent()).toContain('Nothing was registered.');
      expect(registry().tables()).toEqual([]);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.unroute('**/graphql');
      await sources.button('Leave it out').click();
      await sources.button('Register 2 tables').click();
      await page.getByText('Registered: shop.customers, shop.orders.').waitFor();

      await sources.section('Overview').click();
      await sources.button('Check the connection').click();
      await page.getByText('The source can be reached.').waitFor();
      await sources.button('Sync now: shop').click();
      await page.getByRole('link', { name: 'Partly failed' }).click();
      await runs.table('shop.orders').waitFor();
      await eventually(() => runs.state.getAttribute('data-state')).toBe('PARTIAL');
      await page.getByText(/orders\.csv.*line 3/).waitFor();
      expect(await runs.table('shop.orders').textContent()).toContain('Failed');
      expect(await runs.table('shop.customers').textContent()).toContain('OK');

      writeFileSync(join(folder, 'orders.csv'), 'id,total\n1,10\n2,20\n');
      const before = page.url();
      await page.getByRole('button', { name: 'Retry 1 failed table: shop' }).click();
      await eventually(() => page.url()).not.toBe(before);
      await eventually(() => runs.state.getAttribute('data-state')).toBe('SUCCEEDED');
      await eventually(() => runs.table('shop.orders').textContent()).toMatch(/OK2/);
      expect(await page.locator('tr[data-run-table]').count()).toBe(1);
      await runs.open(app.server.url);
      await eventually(() => runs.states()).toEqual(['SUCCEEDED', 'PARTIAL']);
    },
  );

  test('a table is changed and unregistered, a source configured and deleted, each after it was said what is lost', async () => {
    const { orders } = await app.addSource('warehouse', {
      orders: { content: 'id\n1\n' },
      people: { content: 'id\n1\n' },
    });
    await app.sync('warehouse');
    const reader = await app.person('core.viewer');
    await app.server.run(grantTableAccess, { tableId: orders.id, userId: reader.id });
    const { page, sources, frame } = await open();
    await sources.openSource(app.server.url, 'warehouse', 'tables');
    await sources.button('Change: warehouse.orders').click();
    await sources.field('Schedule').fill('every 5 minutes');
    await sources.dialog.getByText(/"every 5 minutes" is no schedule/).waitFor();
    await sources.field('Schedule').fill('daily 07:00');
    await sources.dialog.getByText(/^Due .*7:00:00 AM UTC; .*7:00:00 AM UTC/).waitFor();
    await sources.field('Options, as JSON').fill('{');
    await sources.press('Save');
    await sources.dialog.getByText('This is not a JSON object.').waitFor();
    await sources.field('Options, as JSON').fill('{ "path": "orders.csv", "delimiter": "," }');
    await sources.field('Name in statements').fill('warehouse.people');
    await sources.press('Save');
    await eventually(() => sources.dialog.getByRole('alert').textContent()).toContain('warehouse.people');
    await sources.field('Name in statements').fill('warehouse.orders');
    await sources.field('Description').fill('What was bought.');
    await sources.field('Primary key').fill('id');
    await sources.dialog.getByRole('checkbox').check();
    await sources.press('Save');
    await sources.dialog.waitFor({ state: 'detached' });
    expect(registry().table(orders.id)).toMatchObject({
      schedule: 'daily 07:00',
      description: 'What was bought.',
      primaryKey: ['id'],
      isPublic: true,
      options: { path: 'orders.csv', delimiter: ',' },
    });
    await eventually(() => sources.table('warehouse.orders').textContent()).toContain('daily 07:00');

    await sources.button('Unregister: warehouse.orders').click();
    await eventually(() => sources.dialog.getByRole('listitem').allTextContents()).toEqual([
      '1 grant',
      expect.stringMatching(/^1 file, /),
    ]);
    await sources.press('Cancel');
    expect(registry().table(orders.id)).not.toBeNull();
    await sources.button('Unregister: warehouse.orders').click();
    await sources.press('Unregister it');
    await sources.table('warehouse.orders').waitFor({ state: 'detached' });
    expect(registry().table(orders.id)).toBeNull();

    await sources.section('Configuration').click();
    const other = makeFolder('moved', { 'people.csv': 'id\n1\n' });
    await sources.field('folder').fill('/etc');
    await sources.button('Check and save').click();
    await eventually(() => page.getByRole('alert').textContent()).toContain('FILES_ALLOWED_ROOTS');
    await sources.field('folder').fill(other);
    await sources.button('Check and save').click();
    await page.getByText('Saved: the source was reached with it.').waitFor();
    expect(registry().sourceByName('warehouse')!.config).toEqual({ folder: other });
    await sources.section('Overview').click();
    await sources.button('Delete the source').click();
    await eventually(() => sources.dialog.getByRole('listitem').first().textContent()).toBe('1 table');
    await sources.press('Delete for good');
    await page.getByRole('heading', { level: 1, name: 'Sources' }).waitFor();
    expect(registry().sourceByName('warehouse')).toBeNull();
    await sources.openSource(app.server.url, 'warehouse');
    await frame.notice('There is no such source').waitFor();
  });

  test('a long offer is searched and paged, and all that was found is chosen at once', async () => {
    const letters = 'abcdefghij'.split('');
    const names = letters.slice(0, 7).flatMap((one) => letters.map((other) => `part_${one}${other}_of`));
    const folder = makeFolder('long', Object.fromEntries(names.map((name) => [`${name}.csv`, 'id\n1\n'])));
    await app.server.run(createSource, { name: 'long', connector: 'files', config: { folder } });
    const { page, sources } = await open();
    await sources.openSource(app.server.url, 'long', 'discover');
    await sources.button('Register 0 tables').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(50);
    await sources.button('Next 50').click();
    await eventually(() => page.getByRole('checkbox').count()).toBe(20);
    await page.getByRole('searchbox', { name: 'Search what is offered' }).fill('part_b');
    await eventually(() => page.getByRole('checkbox').count()).toBe(10);
    await sources.button('Choose all 10').click();
    await sources.button('Register 10 tables').click();
    await page.getByText(/^Registered: long\.part_ba_of.*and 2 more\.$/).waitFor();
    expect(
      registry()
        .tables()
        .filter(({ name }) => name.startsWith('part_')),
    ).toHaveLength(10);
  });

  test('who lacks the role is told which, and who loses it is led out without a reload', async () => {
    const person = await app.person('core.km_admin');
    const { page, frame } = await app.openPage({ as: person });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.postData() ?? ''));
    for (const path of ['/admin/sources', '/admin/sources/shop', '/admin/sync-runs', '/admin/sync-runs/x']) {
      await page.goto(`${app.server.url}${path}`);
      await frame.notice('You may not see this page').waitFor();
      expect(await page.getByRole('alert').textContent()).toContain('core.admin');
    }
    expect(await frame.navigation.textContent()).not.toMatch(/Sources|Sync runs/);
    expect(asked.filter((body) => /query (Source|SyncRun)/.test(body))).toEqual([]);
    expect(await findAccessibilityFaults(page)).toEqual([]);

    const second = await app.person('core.admin');
    const other = await app.openPage({ as: second });
    await sourcesPage(other.page).open(app.server.url);
    await other.frame.navigation.getByRole('link', { name: 'Sources' }).waitFor();
    await app.server.run(setCoreRole, { userId: second.id, roleKey: 'core.viewer' });
    await other.frame.notice('You may not see this page').waitFor();
    await eventually(() => other.frame.navigation.textContent()).not.toContain('Sources');
  });

  test('failures are told where they are, and trying again works', async () => {
    const folder = makeFolder('failing', { 'orders.csv': 'id\n1\n' });
    await app.server.run(createSource, { name: 'failing', connector: 'files', config: { folder } });
    const message = 'Something went wrong on the server (request 0f3a).';
    const { page, sources, frame } = await open();
    await page.route('**/graphql', async (route) => {
      if (!/query (SourceList|SourceByName|DiscoverTables)\b/.test(route.request().postData() ?? ''))
        return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    await sources.open(app.server.url);
    await frame.notice('The sources could not be loaded').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(message);
    await sources.openSource(app.server.url, 'failing', 'discover');
    await frame.notice('The source could not be loaded').waitFor();
    await page.unroute('**/graphql');
    await page.route('**/graphql', async (route) => {
      if (!/query DiscoverTables\b/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    await frame.retry.click();
    await frame.notice('What the source offers could not be loaded').waitFor();
    await page.unroute('**/graphql');
    await frame.retry.click();
    await sources.offer('orders').waitFor();
  });

  test('hostile and endless texts break nothing, and axe finds nothing', { timeout: longMilliseconds }, async () => {
    const name = `hostile`;
    const description = `${html}${rightToLeft}${'x'.repeat(9000)}`;
    await app.addSource(name, { orders: { content: 'id\n1\n', description, primaryKey: ['id'] } });
    await app.server.run(registerTable, {
      source: name,
      name: 'missing',
      schedule: 'every 15m',
      options: { path: `${'long_name_'.repeat(20)}.csv` },
    });
    writeFileSync(join(app.server.files, name, `${'offered_'.repeat(20)}.csv`), 'id\n1\n');
    await app.sync(name);
    const { page, sources } = await open();
    await sources.open(app.server.url);
    await sources.source(name).waitFor();
    await expectSound(page);
    await sources.source(name).getByRole('link').first().press('Enter');
    for (const [index, section] of ['overview', 'tables', 'discover', 'configuration'].entries()) {
      await sources.sections.nth(index).press('Enter');
      await page.locator(`#section-${section}`).waitFor();
      await page.getByRole('status', { name: /^Loading|^Asking/ }).waitFor({ state: 'detached' });
      await expectSound(page);
    }
    await sources.section('Tables').press('Enter');
    await sources.button(`Change: ${name}.orders`).click();
    await sources.field('Schedule').waitFor();
    await expectSound(page);
  });
});

async function expectSound(page: Page): Promise<void> {
  expect(await findAccessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).not.toBe('broken');
}
