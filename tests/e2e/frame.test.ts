import { beforeAll, expect, test } from 'vitest';
import { revokeRole } from '../../src/access/revoke-role.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';

const dayMilliseconds = 86_400_000;
let daysAhead = 0;
const clock = { now: () => new Date(Date.now() + daysAhead * dayMilliseconds) };

/** What Chromium itself writes when nobody listens at an address, or an answer is no success. */
const unreachable = /ERR_CONNECTION_REFUSED|ERR_FAILED|ERR_CONNECTION_RESET|WebSocket connection to/;

describeInBrowser('the frame of the web app', () => {
  const app = useWebApp({ clock });
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  test('says who is signed in and with which role', async () => {
    const { frame } = await app.openTables({ as: administrator });
    await eventually(() => frame.header.textContent()).toBe(
      `AgnesGo to…Ctrl K${administrator.email}AdministratorSign out`,
    );
    await eventually(() => frame.navigation.getByRole('link').allTextContents()).toEqual([
      'Home',
      'Setup',
      'Tables',
      'SQL',
      'Metrics',
      'Sources',
      'Sync runs',
      'Users',
      'Roles',
      'Group mappings',
      'Access requests',
      'Table access',
      'Audit',
      'Instance',
      'Access matrix',
      'Profile',
      'GraphiQL',
    ]);
  });

  test('an instance without tables tells an administrator how to add one, and others whom to ask', async () => {
    const { page } = await app.openTables({ as: administrator });
    await page.getByRole('main').getByRole('link', { name: 'setup' }).waitFor();
    const { page: other, frame } = await app.openTables({ as: await app.person('core.viewer') });
    await frame.notice('There is no table for you yet').waitFor();
    expect(await other.getByRole('main').textContent()).not.toContain('setup');
  });

  test('a missing role is named, and the menu does not offer the page', async () => {
    const { page, frame } = await app.openTables({ as: await app.person() });
    await frame.notice('You may not see this page').waitFor();
    expect(await page.getByRole('main').textContent()).toContain('core.viewer');
    expect(await frame.navigation.getByRole('link').allTextContents()).toEqual([
      'Home',
      'Access matrix',
      'Profile',
      'GraphiQL',
    ]);
  });

  test('a role that is taken away while a page is open ends that page at the next event', async () => {
    const { orders } = await app.addSource('taken', { orders: { content: 'id\n1\n' } });
    const analyst = await app.person('core.analyst');
    await app.grant(analyst, orders);
    const { page, tables, frame } = await app.openTables({ as: analyst });
    await tables.row('taken.orders').whole.waitFor();
    const [grant] = await app.server.open.services.store.db
      .selectFrom('role_grants')
      .select('id')
      .where('user_id', '=', analyst.id)
      .execute();
    await app.server.run(revokeRole, { grantId: grant!.id });
    await app.sync('taken');
    await frame.notice('You may not see this page').waitFor();
    expect(await page.getByRole('main').textContent()).toContain('core.viewer');
  });

  test('somebody who is not signed in is told how to sign in', async () => {
    const { page, frame } = await app.openTables();
    await frame.notice('You are not signed in').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  test('a session that ends while a page is open ends that page', async () => {
    const { orders } = await app.addSource('ending', { orders: { content: 'id\n1\n' } });
    const analyst = await app.person('core.analyst');
    await app.grant(analyst, orders);
    const { tables, frame } = await app.openTables({ as: analyst });
    await tables.row('ending.orders').whole.waitFor();
    daysAhead = 15;
    try {
      await frame.notice('You are not signed in').waitFor();
      expect(await frame.lostConnection.count()).toBe(0);
    } finally {
      daysAhead = 0;
    }
  });

  test('a server that stops is told on the page, and the page recovers by itself when it is back', async () => {
    app.expectConsoleErrors(unreachable);
    await app.addSource('restarted', { orders: { content: 'id\n1\n2\n' } });
    const { page, tables, frame } = await app.openTables({ as: administrator });
    await tables.row('restarted.orders').whole.waitFor();
    const frames: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => frames.push(String(payload)));
      socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
    });
    await page.reload();
    await app.sync('restarted');
    await eventually(() => frames.join()).toContain('SyncFinished');
    const lastId = /"id":"(\d+)"/.exec(frames.findLast((frame) => frame.includes('SyncFinished'))!)?.[1];
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await app.stopServer();
    await frame.lostConnection.waitFor();
    await tables.search.fill('restarted.');
    await frame.notice('The tables could not be loaded').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('The server did not answer.');
    await app.startServerAgain();
    await tables.row('restarted.orders').whole.waitFor();
    await frame.lostConnection.waitFor({ state: 'detached' });
    const again = frames.findLast((frame) => frame.includes('"type":"subscribe"') && frame.includes('syncEvents'));
    expect(again).toContain(`"after":"${lastId}"`);
    await app.sync('restarted');
    await eventually(() => tables.row('restarted.orders').rows.textContent()).toBe('2');
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  test('a server that does not answer the first request is told, and trying again works', async () => {
    app.expectConsoleErrors(unreachable);
    const { page, frame } = await app.openPage({ as: administrator });
    await page.route('**/graphql', (route) => route.abort());
    await page.goto(app.server.url);
    await page.getByText('The server did not answer.').waitFor();
    await page.unroute('**/graphql');
    await frame.retry.click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  });

  test("a failure shows the server's sentence, and trying again works", async () => {
    const { page, tables, frame } = await app.openPage({ as: administrator });
    const message = 'Something went wrong on the server (request 0f3a).';
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('query Tables')) return route.continue();
      await route.fulfill({ json: { data: { tables: null }, errors: [{ message, path: ['tables'] }] } });
    });
    await tables.open(app.server.url);
    await frame.notice('The tables could not be loaded').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(message);
    await page.unroute('**/graphql');
    await frame.retry.click();
    await tables.search.waitFor();
  });

  test('a page that breaks leaves the frame standing', async () => {
    app.expectConsoleErrors(/TypeError|not read properties/);
    const { page, tables, frame } = await app.openPage({ as: administrator });
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('query Tables')) return route.continue();
      await route.fulfill({ json: { data: { tables: { edges: [null], pageInfo: { hasNextPage: false } } } } });
    });
    await tables.open(app.server.url);
    await frame.notice('This page has a fault').waitFor();
    await frame.navigation.waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await tables.search.waitFor();
  });

  test('an unknown address has a page that leads back', async () => {
    const { page, frame } = await app.openPage({ as: administrator });
    await page.goto(`${app.server.url}/no/such/page`);
    await frame.notice('There is no such page').waitFor();
    await page.getByRole('link', { name: 'Go to the first page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  });

  test('follows the system between light and dark until somebody chooses, and remembers the choice', async () => {
    const { page } = await app.openTables({ as: administrator, colorScheme: 'dark' });
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

  test('axe finds nothing on the notices', async () => {
    const { page, frame } = await app.openTables({ as: await app.person() });
    await frame.notice('You may not see this page').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.goto(`${app.server.url}/no/such/page`);
    await frame.notice('There is no such page').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    const { page: stranger, frame: surroundings } = await app.openTables({});
    await surroundings.notice('You are not signed in').waitFor();
    expect(await findAccessibilityFaults(stranger)).toEqual([]);
  });
});
