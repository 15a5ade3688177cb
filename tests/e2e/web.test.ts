import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeInBrowser, launchBrowser, type TestBrowser, type TestPage } from '../kit/browser.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { takeScreenshot } from './screenshots.ts';
import { startStandIn, type StandInServer } from './stand-in/server.ts';
import { administratorRoles, World } from './stand-in/world.ts';
import { frame, setupPage, tablesPage } from './web-pages.ts';

const colorSchemes = ['light', 'dark'] as const;

describeInBrowser('the web app', () => {
  let browser: TestBrowser;
  let world: World;
  let server: StandInServer;
  const opened: TestPage[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    world = new World();
    server = await startStandIn(world);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((page) => page.close()));
    await server.close();
  });

  async function openPage(colorScheme: 'light' | 'dark' = 'light'): Promise<TestPage> {
    const page = await browser.newPage({ colorScheme });
    opened.push(page);
    return page;
  }

  async function openTables(colorScheme?: 'light' | 'dark') {
    const opening = await openPage(colorScheme);
    const tables = tablesPage(opening.page);
    await tables.open(server.url);
    return { ...opening, tables, frame: frame(opening.page) };
  }

  function becomeAdministrator(): void {
    world.viewer = { email: 'grace@example.com', roles: administratorRoles };
  }

  describe('tables', () => {
    test('shows a sync as it happens, without a reload', async () => {
      becomeAdministrator();
      world.sources.push({ name: 'shop', connector: 'files' });
      const orders = world.addTable('orders');
      const customers = world.addTable('customers');
      const { page, tables, consoleErrors, foreignRequests } = await openTables();
      const row = tables.row('shop.orders');
      await eventually(() => row.status.textContent()).toBe('Never synced');
      expect(await row.rows.textContent()).toBe('–');
      await page.evaluate(() => Object.assign(window, { sameDocument: true }));

      await tables.source('shop').syncNow.click();
      await eventually(() => tables.source('shop').whole.textContent()).toContain('Syncing…');
      expect(await tables.source('shop').syncNow.isDisabled()).toBe(true);
      world.begin(orders);
      await eventually(() => row.status.textContent()).toBe('Running');
      world.publish(orders, { rows: '9007199254740993', sizeBytes: '1234567' });
      await eventually(() => row.status.textContent()).toBe('OK');
      expect(await row.rows.textContent()).toBe('9,007,199,254,740,993');
      expect(await row.size.textContent()).toBe('1.23 MB');
      expect(await row.lastSync.textContent()).toBe('just now');
      expect(await row.lastSync.locator('time').getAttribute('title')).toMatch(/UTC$/);
      world.fail(customers, 'customers.csv, line 7: "x" is no number.');
      await eventually(() => tables.row('shop.customers').status.textContent()).toContain('line 7: "x" is no number.');
      world.finishRun('shop');
      await eventually(() => tables.source('shop').syncNow.isEnabled()).toBe(true);

      expect(await row.rows.textContent()).toBe('9,007,199,254,740,993');
      expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
      expect({ consoleErrors, foreignRequests }).toEqual({ consoleErrors: [], foreignRequests: [] });
    });

    test('catches up after the connection was lost', async () => {
      const orders = world.addTable('orders');
      const { tables, frame: surroundings } = await openTables();
      const row = tables.row('shop.orders');
      world.begin(orders);
      await eventually(() => row.status.textContent()).toBe('Running');
      orders.syncState = { ...orders.syncState, status: 'OK', rows: '42' };
      server.dropSockets();
      await surroundings.lostConnection.waitFor();
      await eventually(() => row.rows.textContent()).toBe('42');
      await surroundings.lostConnection.waitFor({ state: 'detached' });
      world.publish(orders, { rows: '43', sizeBytes: '1' });
      await eventually(() => row.rows.textContent()).toBe('43');
    });

    test('a refusal to start a sync is told beside the source', async () => {
      becomeAdministrator();
      world.sources.push({ name: 'shop', connector: 'files' });
      world.addTable('orders');
      const { tables } = await openTables();
      await tables.source('shop').syncNow.waitFor();
      world.runningSources.add('shop');
      await tables.source('shop').syncNow.click();
      await eventually(() => tables.source('shop').refusal.textContent()).toMatch(/running already/);
    });

    test('somebody who may not start a sync sees no sources and no button', async () => {
      world.sources.push({ name: 'shop', connector: 'files' });
      world.addTable('orders');
      const { tables } = await openTables();
      await tables.row('shop.orders').whole.waitFor();
      expect(await tables.source('shop').syncNow.count()).toBe(0);
    });

    test('the search stands in the address, and the address is a search', async () => {
      for (const name of ['orders', 'order_lines', 'customers']) world.addTable(name);
      const { page, tables } = await openTables();
      await tables.search.fill('order');
      await eventually(() => tables.rows.count()).toBe(2);
      await eventually(() => new URL(page.url()).search).toBe('?q=order');
      await page.goto(`${server.url}/?q=customers`);
      await eventually(() => tables.rows.count()).toBe(1);
      expect(await tables.search.inputValue()).toBe('customers');
      await tables.search.fill('1e3');
      await page.getByText('No table matches “1e3”.').waitFor();
      expect(new URL(page.url()).search).toBe('?q=1e3');
    });

    test('many tables come in pages of 50, walked by keyboard', async () => {
      for (let number = 1; number <= 120; number += 1) world.addTable(`table_${String(number).padStart(3, '0')}`);
      const { page, tables } = await openTables();
      await eventually(() => tables.rows.count()).toBe(50);
      await tables.next.focus();
      await page.keyboard.press('Enter');
      await tables.row('shop.table_051').whole.waitFor();
      await tables.next.click();
      await tables.row('shop.table_120').whole.waitFor();
      expect(await tables.rows.count()).toBe(20);
      expect(await tables.next.isDisabled()).toBe(true);
      await tables.previous.click();
      await tables.row('shop.table_051').whole.waitFor();
    });

    test('the columns of a table unfold by keyboard', async () => {
      world.addTable('orders');
      const { page, tables } = await openTables();
      const { unfold } = tables.row('shop.orders');
      await unfold.focus();
      await page.keyboard.press('Enter');
      expect(await unfold.getAttribute('aria-expanded')).toBe('true');
      const columns = page.getByRole('list', { name: 'Columns' }).getByRole('listitem');
      expect(await columns.allTextContents()).toEqual(['idBIGINT · key', 'created_atTIMESTAMP WITH TIME ZONE']);
      await page.keyboard.press('Enter');
      await eventually(() => columns.count()).toBe(0);
    });

    test('hostile names and texts are shown as text and keep the page in shape', async () => {
      const html = '<img src=x onerror="document.title=`broken`"><script>document.title="broken"</script>';
      world.addTable('html', { name: html, description: html, columns: [{ name: html, type: 'VARCHAR' }] });
      world.addTable('rtl', { name: '\u202Eטבלה של הזמנות', description: '\u202Eהפוך' });
      const long = world.addTable('long', { name: 'x'.repeat(10_000), description: 'y'.repeat(10_000) });
      long.syncState = { ...long.syncState, status: 'FAILED', error: 'z'.repeat(10_000) };
      const { page, tables, consoleErrors } = await openTables();
      for (const name of ['html', 'rtl', 'long']) await tables.row(`shop.${name}`).unfold.click();
      await eventually(() => tables.row('shop.html').whole.textContent()).toContain(html);
      expect(await page.title()).toBe('Tables · Example instance');
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(widths[0]).toBe(widths[1]);
      const height = (await tables.row('shop.long').whole.boundingBox())?.height ?? Infinity;
      expect(height).toBeLessThan(120);
      expect(consoleErrors).toEqual([]);
      await takeScreenshot(page, 'tables-hostile');
    });
  });

  describe('when there is nothing to show', () => {
    test('no readable table: says so and what to do', async () => {
      const { page, frame: surroundings } = await openTables();
      await surroundings.notice('There is no table for you yet').waitFor();
      await takeScreenshot(page, 'tables-empty');
    });

    test('no table at all: tells an administrator how to add one', async () => {
      becomeAdministrator();
      const { page } = await openTables();
      await page.getByText('registerTable').waitFor();
    });

    test('a missing role is named, and the menu does not offer the page', async () => {
      world.viewer = { email: 'new@example.com', roles: [] };
      const { page, frame: surroundings } = await openTables();
      await surroundings.notice('You may not see this page').waitFor();
      expect(await page.getByRole('main').textContent()).toContain('core.viewer');
      expect(await surroundings.navigation.getByRole('link').allTextContents()).toEqual(['GraphiQL']);
      await takeScreenshot(page, 'tables-refused');
    });

    test("a failure shows the server's sentence, and trying again works", async () => {
      world.addTable('orders');
      world.broken.add('tables');
      const { page, tables, frame: surroundings } = await openTables();
      await surroundings.notice('The tables could not be loaded').waitFor();
      expect(await page.getByRole('alert').textContent()).toContain(
        'Something went wrong on the server (request 0f3a).',
      );
      await takeScreenshot(page, 'tables-failing');
      world.broken.clear();
      await surroundings.retry.click();
      await tables.row('shop.orders').whole.waitFor();
    });

    test('a server that does not answer is told, and trying again works', async () => {
      const { page } = await openPage();
      await page.route('**/graphql', (route) => route.abort());
      await page.goto(server.url);
      await page.getByText('The server did not answer.').waitFor();
      await page.unroute('**/graphql');
      await frame(page).retry.click();
      await tablesPage(page).heading.waitFor();
    });

    test('a page that breaks leaves the frame standing', async () => {
      const { page } = await openPage();
      await page.route('**/graphql', async (route) => {
        if (!route.request().postData()?.includes('query Tables')) return route.continue();
        await route.fulfill({ json: { data: { tables: { edges: [null], pageInfo: { hasNextPage: false } } } } });
      });
      await page.goto(server.url);
      await frame(page).notice('This page has a fault').waitFor();
      await frame(page).navigation.waitFor();
      await page.unroute('**/graphql');
      await page.getByRole('button', { name: 'Reload the page' }).click();
      await frame(page).notice('There is no table for you yet').waitFor();
    });

    test('an unknown address has a page that leads back', async () => {
      const { page } = await openPage();
      await page.goto(`${server.url}/no/such/page`);
      await frame(page).notice('There is no such page').waitFor();
      await page.getByRole('link', { name: 'Go to the first page' }).click();
      await tablesPage(page).heading.waitFor();
    });
  });

  describe('the frame', () => {
    test('says who is signed in, with which role, and that development mode asks nobody', async () => {
      becomeAdministrator();
      world.instance.developmentMode = true;
      const { page, frame: surroundings } = await openTables();
      await eventually(() => surroundings.header.textContent()).toContain('grace@example.comAdministrator');
      await page.getByText('Development sign-in: everybody who opens this page is grace@example.com.').waitFor();
      expect(await surroundings.navigation.getByRole('link').allTextContents()).toEqual(['Tables', 'GraphiQL']);
    });

    test('somebody who is not signed in is told how to sign in', async () => {
      world.viewer = null;
      const { page, frame: surroundings, consoleErrors } = await openTables();
      await surroundings.notice('You are not signed in').waitFor();
      expect(consoleErrors).toEqual([]);
      await takeScreenshot(page, 'signed-out');
    });

    test('an instance without an administrator says where its setup link stands', async () => {
      world.viewer = null;
      world.instance.setupNeeded = true;
      const { page } = await openTables();
      await page.getByText('The server wrote a setup link into its log').waitFor();
    });

    test('follows the system between light and dark until somebody chooses, and remembers the choice', async () => {
      const { page } = await openTables('dark');
      const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
      await eventually(scheme).toBe('dark');
      await page.getByRole('button', { name: 'Switch to light colours' }).click();
      await eventually(scheme).toBe('light');
      await page.reload();
      await page.getByRole('button', { name: 'Switch to dark colours' }).click();
      await eventually(scheme).toBe('dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await eventually(scheme).toBe('light');
    });

    test('the keyboard reaches the content first by the skip link', async () => {
      world.addTable('orders');
      const { page, tables } = await openTables();
      await tables.rows.first().waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    });
  });

  describe('setup', () => {
    beforeEach(() => {
      world.viewer = null;
      world.instance.setupNeeded = true;
    });

    test('makes the first administrator and leads to the tables', async () => {
      const { page } = await openPage();
      const setup = setupPage(page);
      await setup.open(server.url, world.setupSecret);
      await setup.email.fill('ada@example.com');
      await setup.name.fill('Ada');
      await setup.password.fill('correct horse battery');
      await setup.repeatedPassword.fill('correct horse battery');
      expect(page.url()).toBe(`${server.url}/setup`);
      await page.keyboard.press('Enter');
      await tablesPage(page).heading.waitFor();
      expect(await frame(page).header.textContent()).toContain('ada@example.com');
      await page.goBack();
      expect(page.url()).not.toContain(world.setupSecret);
    });

    test('says at each field what is wrong before anything is sent, and puts the cursor there', async () => {
      const { page } = await openPage();
      const setup = setupPage(page);
      await setup.open(server.url, world.setupSecret);
      await setup.email.fill('ada');
      await setup.password.fill('short');
      await setup.submit.click();
      await page.getByText('Enter an e-mail address, like ada@example.com.').waitFor();
      await page.getByText('Use at least 12 characters.').waitFor();
      await page.getByText('The two passwords differ.').waitFor();
      expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
      expect(world.instance.setupNeeded).toBe(true);
      await takeScreenshot(page, 'setup-faults');
    });

    test("shows the server's refusal of a field at the field, and of the link below the form", async () => {
      const { page } = await openPage();
      const setup = setupPage(page);
      await setup.open(server.url, 'an-old-secret');
      await setup.email.fill('ada@example.com');
      await setup.name.fill('Ada');
      await setup.password.fill('passwordpassword');
      await setup.repeatedPassword.fill('passwordpassword');
      await setup.submit.click();
      await eventually(() => page.getByRole('alert').textContent()).toMatch(/setup link is not valid any more/);
      await page.goto('about:blank');
      await setup.open(server.url, world.setupSecret);
      await setup.email.fill('ada@example.com');
      await setup.name.fill('Ada');
      await setup.password.fill('passwordpassword');
      await setup.repeatedPassword.fill('passwordpassword');
      await setup.submit.click();
      await page.getByText('This password is too easy to guess.').waitFor();
      expect(await setup.password.getAttribute('aria-invalid')).toBe('true');
    });

    test('a link without its secret, and an instance that is set up, are told', async () => {
      const { page } = await openPage();
      await setupPage(page).open(server.url, '');
      await frame(page).notice('The setup link is not complete').waitFor();
      world.instance.setupNeeded = false;
      await page.reload();
      await frame(page).notice('This instance is set up already').waitFor();
    });
  });

  describe.each(colorSchemes)('accessibility in %s', (colorScheme) => {
    test('axe finds nothing on the page of tables, unfolded and with every status', async () => {
      becomeAdministrator();
      world.instance.developmentMode = true;
      fillWithExamples(world);
      const { page, tables } = await openTables(colorScheme);
      await tables.row('shop.orders').unfold.click();
      await page.getByRole('list', { name: 'Columns' }).waitFor();
      await takeScreenshot(page, `tables-${colorScheme}`);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 400, height: 800 });
      await takeScreenshot(page, `tables-narrow-${colorScheme}`);
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });

    test('axe finds nothing on the setup page, with faults too', async () => {
      world.viewer = null;
      world.instance.setupNeeded = true;
      const { page } = await openPage(colorScheme);
      const setup = setupPage(page);
      await setup.open(server.url, world.setupSecret);
      await setup.submit.waitFor();
      await takeScreenshot(page, `setup-${colorScheme}`);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await setup.submit.click();
      await page.getByText('Enter your name.').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });

    test('axe finds nothing on the notices', async () => {
      world.viewer = { email: 'new@example.com', roles: [] };
      const { page, frame: surroundings } = await openTables(colorScheme);
      await surroundings.notice('You may not see this page').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.goto(`${server.url}/no/such/page`);
      await surroundings.notice('There is no such page').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      world.viewer = null;
      await page.goto(server.url);
      await surroundings.notice('You are not signed in').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });
  });
});

/** Waits until what `read` gives is as expected; the wait is long because the machine may be busy. */
function eventually<Value>(read: () => Value) {
  return expect.poll(read, { timeout: 15_000 });
}

function fillWithExamples(world: World): void {
  const lastSync = new Date(Date.now() - 3 * 3_600_000).toISOString();
  const fine = { status: 'OK', lastSync, error: null } as const;
  world.sources.push({ name: 'shop', connector: 'files' }, { name: 'billing', connector: 'files' });
  world.addTable('orders', {
    description: 'One row per order, from the day the shop opened.',
    syncState: { ...fine, rows: '1204331', sizeBytes: '48211734' },
    columns: ['id', 'customer_id', 'ordered_at', 'status', 'total', 'currency', 'note'].map((name) => ({
      name,
      type: name.endsWith('id') ? 'BIGINT' : 'VARCHAR',
    })),
  });
  world.addTable('customers', { syncState: { ...fine, rows: '58211', sizeBytes: '3120441' } });
  world.addTable('invoices', {
    source: 'billing',
    syncState: { ...fine, status: 'RUNNING', rows: '90210', sizeBytes: '7340032' },
  });
  const error =
    'invoices/lines.csv, line 1042: "12,50" is no number in the column amount. Mend the file, or set decimalSeparator.';
  world.addTable('invoice_lines', {
    source: 'billing',
    syncState: { status: 'FAILED', lastSync, rows: '310442', sizeBytes: '15400210', error },
  });
  world.addTable('refunds', { source: 'billing' });
}
