import { expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { takeScreenshot } from './screenshots.ts';
import { eventually, useWebApp } from './web-app.ts';

describeInBrowser('the frame of the web app', () => {
  const app = useWebApp();

  test('says who is signed in, with which role, and that development mode asks nobody', async () => {
    app.becomeAdministrator();
    app.world.instance.developmentMode = true;
    const { page, frame: surroundings } = await app.openTables();
    await eventually(() => surroundings.header.textContent()).toContain('grace@example.comAdministrator');
    await page.getByText('Development sign-in: everybody who opens this page is grace@example.com.').waitFor();
    expect(await surroundings.navigation.getByRole('link').allTextContents()).toEqual(['Tables', 'GraphiQL']);
  });

  test('somebody who is not signed in is told how to sign in', async () => {
    app.world.viewer = null;
    const { page, frame: surroundings, consoleErrors } = await app.openTables();
    await surroundings.notice('You are not signed in').waitFor();
    expect(consoleErrors).toEqual([]);
    await takeScreenshot(page, 'signed-out');
  });

  test('a session that ends while a page is open ends that page', async () => {
    const orders = app.world.addTable('orders');
    const { tables, frame: surroundings } = await app.openTables();
    app.world.begin(orders);
    await eventually(() => tables.row('shop.orders').status.textContent()).toBe('Running');
    app.world.viewer = null;
    app.server.refuseSockets(4403);
    await surroundings.notice('You are not signed in').waitFor();
    expect(await surroundings.lostConnection.count()).toBe(0);
  });

  test('an instance without an administrator says where its setup link stands', async () => {
    app.world.viewer = null;
    app.world.instance.setupNeeded = true;
    const { page } = await app.openTables();
    await page.getByText('The server wrote a setup link into its log').waitFor();
  });

  test('follows the system between light and dark until somebody chooses, and remembers the choice', async () => {
    const { page } = await app.openTables('dark');
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
    app.world.addTable('orders');
    const { page, tables } = await app.openTables();
    await tables.rows.first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });
});
