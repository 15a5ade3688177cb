import { beforeAll, expect, test } from 'vitest';
import { letDeviceIn } from '../api/identity/device-flow.ts';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { commandPalette } from './command-palette.ts';
import { homePage } from './home-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;
const html = '<img src=x onerror="document.title=`broken`">';

describeInBrowser('the first page', () => {
  const app = useWebApp();
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  async function open(person?: TestPerson) {
    const opened = await app.openPage({ as: person });
    const home = homePage(opened.page);
    await home.open(app.server.url);
    return { ...opened, home };
  }

  test('leads an administrator to the setup, a viewer to the laptop, and says when no role counts', async () => {
    const { page, frame } = await open(administrator);
    await frame.notice('There is no table yet').waitFor();
    expect(await page.getByRole('main').getByRole('link', { name: 'setup' }).getAttribute('href')).toBe('/setup/guide');
    const viewer = await open(await app.person('core.viewer'));
    await viewer.frame.notice('There is no table for you yet').waitFor();
    await eventually(() => viewer.home.commands.textContent()).toBe(
      [
        `curl -fsSL ${app.server.url}/cli/install.sh | sh`,
        `da auth login --server ${app.server.url}`,
        'mkdir agnes && cd agnes',
        `da init ${app.server.url}`,
      ].join('\n'),
    );
    await viewer.page.getByText('You have asked for no table.').waitFor();
    await viewer.page.getByRole('link', { name: 'Set up an agent' }).click();
    await viewer.page.getByRole('heading', { level: 2, name: 'Tokens' }).waitFor();
    const roleless = await open(await app.person());
    await roleless.frame.notice('No role counts for you yet').waitFor();
    const stranger = await open();
    await stranger.frame.notice('You are not signed in').waitFor();
  });

  test('shows how fresh the tables are that one may read, and follows a sync', async () => {
    const { orders } = await app.addSource('shop', {
      orders: { content: 'id\n1\n2\n', description: 'One row per order.' },
      broken: { content: 'id,name\n1,Ada\n2,Ben,too much\n' },
    });
    const reader = await app.person('core.viewer');
    const { home, page } = await open(reader);
    await page.getByText('There is no table for you yet').waitFor();
    await app.grant(reader, orders);
    await eventually(() => home.count('Never synced').textContent()).toBe('1');
    const { home: all, page: allPage } = await open(administrator);
    await eventually(() => all.count('Never synced').textContent()).toBe('2');
    await allPage.evaluate(() => Object.assign(window, { sameDocument: true }));
    await app.sync('shop');
    await eventually(() => all.count('OK').textContent()).toBe('1');
    await eventually(() => all.count('Failed').textContent()).toBe('1');
    await eventually(() => all.failing.allTextContents()).toMatchObject([
      expect.stringMatching(/^shop\.brokenbroken\.csv, line 3/),
    ]);
    await eventually(() => home.changed.allTextContents()).toEqual(['shop.ordersOne row per order.2 rowsjust now']);
    expect(await home.failing.count()).toBe(0);
    expect(await page.getByRole('main').textContent()).not.toContain('broken');
    await allPage.getByText('The oldest rows are those of shop.orders').waitFor();
    expect(await allPage.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  test('a failure in one part leaves the others standing, and each can be tried again', async () => {
    const { page, home, frame } = await open(administrator);
    const message = 'Something went wrong on the server (request 0f3a).';
    await page.route('**/graphql', async (route) => {
      if (!/query (Freshness|Requests|Laptops)/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    await page.reload();
    for (const what of ['The freshness of the tables', 'The requests', 'Your laptops']) {
      await frame.notice(`${what} could not be loaded`).waitFor();
    }
    await page.unroute('**/graphql');
    while ((await frame.retry.count()) > 0) {
      const left = await frame.retry.count();
      await frame.retry.first().click();
      await eventually(() => frame.retry.count()).toBe(left - 1);
    }
    await home.changed.first().waitFor();
    await home.commands.waitFor();
  });

  test(
    'axe finds nothing with hostile texts; the laptop is folded away once a device is let in',
    async () => {
      const source = `hostile`;
      await app.addSource(source, {
        odd: { content: 'id\n1\n', description: `${html}${'x'.repeat(9000)}` },
        failing: { content: `id\n"${html.replaceAll('"', '""')}"\n`, types: { id: 'INTEGER' } },
      });
      await app.sync(source);
      const person = await app.person('core.admin');
      await letDeviceIn(app.server, person);
      const { page, home } = await open(person);
      await home.changed.first().waitFor();
      await page.getByText('You let in 1 device.').waitFor();
      expect(await home.commands.isVisible()).toBe(false);
      await page.getByText('Nobody waits').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.getByText('Set up another laptop').click();
      await home.commands.waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.title()).toBe('Home · Agnes');
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      await page.keyboard.press('ControlOrMeta+k');
      const palette = commandPalette(page);
      await palette.field.fill(source);
      await palette.option(`${source}.odd`).waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await palette.dialog.locator('img').count()).toBe(0);
    },
    axeMilliseconds,
  );
});
