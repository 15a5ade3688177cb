import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { openSession } from '../../src/identity/open-session.ts';
import { letDeviceIn } from '../api/identity/device-flow.ts';
import { commandPalette } from './command-palette.ts';
import { homePage } from './home-page.ts';
import { eventually, useWebApp } from './web-app.ts';
import { profilePage } from './web-pages.ts';

describeInBrowser('by keyboard alone', () => {
  const app = useWebApp();
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
    await app.addSource('shop', {
      orders: { content: 'id,buyer\n1,Ada\n' },
      refunds: { content: 'id\n1\n', description: 'What went back of orders.' },
    });
    await app.sync('shop');
  });

  async function open(person: TestPerson) {
    const opened = await app.openPage({ as: person });
    await homePage(opened.page).open(app.server.url);
    await homePage(opened.page).heading('On your laptop').waitFor();
    return { ...opened, palette: commandPalette(opened.page) };
  }

  const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

  test('the palette goes to pages, tables and users', async () => {
    const person = await app.person('core.viewer');
    const { page, palette } = await open(administrator);
    await palette.open();
    expect(await palette.options.first().textContent()).toBe('Home');
    await page.keyboard.press('ArrowUp');
    await eventually(() => palette.chosen.textContent()).toBe('GraphiQL');
    await page.keyboard.type('rol');
    await eventually(() => palette.chosen.textContent()).toBe('Roles');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Roles' }).waitFor();
    expect(await palette.dialog.count()).toBe(0);
    await eventually(() => focused(page)).toBe('content');

    await palette.open();
    await page.keyboard.type('orders');
    // Its name has the text; that of the other has it in its description.
    await eventually(() => palette.options.allTextContents()).toEqual([
      'shop.orders',
      'shop.refundsWhat went back of orders.',
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await eventually(() => palette.chosen.textContent()).toBe('shop.orders');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'shop.orders' }).waitFor();

    await palette.open();
    await page.keyboard.type(person.email);
    await eventually(() => palette.chosen.textContent()).toContain(person.email);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: person.email.split('@')[0]! }).waitFor();
  });

  test('the palette offers nobody what they may not open, says when nothing is found, and gives the focus back', async () => {
    const { page, palette } = await open(await app.person('core.viewer'));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.postData() ?? ''));
    await palette.button.focus();
    await page.keyboard.press('Enter');
    await palette.field.waitFor();
    const pages = await palette.options.allTextContents();
    expect(pages).toEqual(expect.arrayContaining(['Home', 'Tables', 'Profile', 'GraphiQL']));
    for (const forbidden of ['Users', 'Setup']) expect(pages).not.toContain(forbidden);
    await page.keyboard.type('orders');
    await eventually(() => asked.join()).toContain('query PaletteTables');
    await palette.dialog.getByText('Nothing has this name.').waitFor();
    expect(asked.join()).not.toContain('query PaletteUsers');
    await page.keyboard.press('Enter');
    expect(await palette.dialog.count()).toBe(1);
    await page.keyboard.press('Escape');
    await eventually(() => palette.button.evaluate((button) => button === document.activeElement)).toBe(true);

    await page.route('**/graphql', async (route) => {
      if (!/query Palette/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message: 'The server is busy.' }] } });
    });
    await palette.open();
    await page.keyboard.type('home');
    await palette.dialog.getByText('Not everything could be searched. The server is busy.').waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => palette.dialog.count()).toBe(0);
  });

  // The focus was set to the page while the dialog was still closing, went back to the button of the row, and was lost with it.
  test('ending devices, sessions and tokens keeps the place in the list, and at last leads to the page', async () => {
    const person = await app.person('core.viewer');
    for (let device = 0; device < 2; device += 1) await letDeviceIn(app.server, person);
    const given = { userId: person.id, door: 'password' as const, device: 'A phone', address: null };
    await app.server.open.services.store.write((tx) => openSession(tx, given));
    const { page } = await app.openPage({ as: person });
    const profile = profilePage(page);
    const end = async (list: string, row: string, action: string) => {
      const left = (await profile.rows(list).count()) - 1;
      await profile.rows(list).filter({ hasText: row }).first().getByRole('button').press('Enter');
      // The dialog takes the focus when it has opened, which would lead the key elsewhere.
      await eventually(() => profile.dialog.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
      await profile.dialog.getByRole('button', { name: action }).press('Enter');
      await eventually(() => profile.rows(list).count()).toBe(left);
    };
    const focusedRow = () => page.evaluate(() => document.activeElement?.closest('li')?.textContent ?? '');

    await profile.open(app.server.url, 'devices');
    await eventually(() => profile.rows('Devices').count()).toBe(2);
    await end('Devices', 'laptop', 'End it');
    await eventually(focusedRow).toContain('laptop');
    await end('Devices', 'laptop', 'End it');
    await eventually(() => focused(page)).toBe('content');
    await profile.section('Sessions').press('Enter');
    await eventually(() => profile.rows('Sessions').count()).toBe(2);
    await end('Sessions', 'A phone', 'End it');
    await eventually(focusedRow).toContain('this browser');
    await profile.section('Tokens').press('Enter');
    await eventually(() => profile.rows('Tokens').count()).toBe(1);
    await end('Tokens', 'test', 'Revoke it');
    await eventually(() => focused(page)).toBe('content');
  });
});
