import { expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { takeScreenshot } from './screenshots.ts';
import { useWebApp } from './web-app.ts';
import { frame, tablesPage } from './web-pages.ts';

describeInBrowser('when there is nothing to show', () => {
  const app = useWebApp();

  test('no readable table: says so and what to do', async () => {
    const { page, frame: surroundings } = await app.openTables();
    await surroundings.notice('There is no table for you yet').waitFor();
    await takeScreenshot(page, 'tables-empty');
  });

  test('no table at all: tells an administrator how to add one', async () => {
    app.becomeAdministrator();
    const { page } = await app.openTables();
    await page.getByText('registerTable').waitFor();
  });

  test('a missing role is named, and the menu does not offer the page', async () => {
    app.world.viewer = { email: 'new@example.com', roles: [] };
    const { page, frame: surroundings } = await app.openTables();
    await surroundings.notice('You may not see this page').waitFor();
    expect(await page.getByRole('main').textContent()).toContain('core.viewer');
    expect(await surroundings.navigation.getByRole('link').allTextContents()).toEqual(['GraphiQL']);
    await takeScreenshot(page, 'tables-refused');
  });

  test("a failure shows the server's sentence, and trying again works", async () => {
    app.world.addTable('orders');
    app.world.broken.add('tables');
    const { page, tables, frame: surroundings } = await app.openTables();
    await surroundings.notice('The tables could not be loaded').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Something went wrong on the server (request 0f3a).');
    await takeScreenshot(page, 'tables-failing');
    app.world.broken.clear();
    await surroundings.retry.click();
    await tables.row('shop.orders').whole.waitFor();
  });

  test('a server that does not answer is told, and trying again works', async () => {
    const { page } = await app.openPage();
    await page.route('**/graphql', (route) => route.abort());
    await page.goto(app.server.url);
    await page.getByText('The server did not answer.').waitFor();
    await page.unroute('**/graphql');
    await frame(page).retry.click();
    await tablesPage(page).heading.waitFor();
  });

  test('a page that breaks leaves the frame standing', async () => {
    const { page } = await app.openPage();
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('query Tables')) return route.continue();
      await route.fulfill({ json: { data: { tables: { edges: [null], pageInfo: { hasNextPage: false } } } } });
    });
    await page.goto(app.server.url);
    await frame(page).notice('This page has a fault').waitFor();
    await frame(page).navigation.waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await frame(page).notice('There is no table for you yet').waitFor();
  });

  test('an unknown address has a page that leads back', async () => {
    const { page } = await app.openPage();
    await page.goto(`${app.server.url}/no/such/page`);
    await frame(page).notice('There is no such page').waitFor();
    await page.getByRole('link', { name: 'Go to the first page' }).click();
    await tablesPage(page).heading.waitFor();
  });
});
