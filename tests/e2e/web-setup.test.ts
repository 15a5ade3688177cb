import { beforeEach, expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { takeScreenshot } from './screenshots.ts';
import { eventually, useWebApp } from './web-app.ts';
import { frame, setupPage, tablesPage } from './web-pages.ts';

describeInBrowser('the setup page', () => {
  const app = useWebApp();

  beforeEach(() => {
    app.world.viewer = null;
    app.world.instance.setupNeeded = true;
  });

  test('makes the first administrator and leads to the tables', async () => {
    const { page } = await app.openPage();
    const setup = setupPage(page);
    await setup.open(app.server.url, app.world.setupSecret);
    await setup.email.fill('ada@example.com');
    await setup.name.fill('Ada');
    await setup.password.fill('correct horse battery');
    await setup.repeatedPassword.fill('correct horse battery');
    expect(page.url()).toBe(`${app.server.url}/setup`);
    await page.keyboard.press('Enter');
    await tablesPage(page).heading.waitFor();
    expect(await frame(page).header.textContent()).toContain('ada@example.com');
    await page.goBack();
    expect(page.url()).not.toContain(app.world.setupSecret);
  });

  test('says at each field what is wrong before anything is sent, and puts the cursor there', async () => {
    const { page } = await app.openPage();
    const setup = setupPage(page);
    await setup.open(app.server.url, app.world.setupSecret);
    await setup.email.fill('ada');
    await setup.password.fill('short');
    await setup.submit.click();
    await page.getByText('Enter an e-mail address, like ada@example.com.').waitFor();
    await page.getByText('Use at least 12 characters.').waitFor();
    await page.getByText('The two passwords differ.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    expect(app.world.instance.setupNeeded).toBe(true);
    await takeScreenshot(page, 'setup-faults');
  });

  test("shows the server's refusal of a field at the field, and of the link below the form", async () => {
    const { page } = await app.openPage();
    const setup = setupPage(page);
    await setup.open(app.server.url, 'an-old-secret');
    await setup.email.fill('ada@example.com');
    await setup.name.fill('Ada');
    await setup.password.fill('passwordpassword');
    await setup.repeatedPassword.fill('passwordpassword');
    await setup.submit.click();
    await eventually(() => page.getByRole('alert').textContent()).toMatch(/setup link is not valid any more/);
    await page.goto('about:blank');
    await setup.open(app.server.url, app.world.setupSecret);
    await setup.email.fill('ada@example.com');
    await setup.name.fill('Ada');
    await setup.password.fill('passwordpassword');
    await setup.repeatedPassword.fill('passwordpassword');
    await setup.submit.click();
    await page.getByText('This password is too easy to guess.').waitFor();
    expect(await setup.password.getAttribute('aria-invalid')).toBe('true');
  });

  test('a link without its secret, and an instance that is set up, are told', async () => {
    const { page } = await app.openPage();
    await setupPage(page).open(app.server.url, '');
    await frame(page).notice('The setup link is not complete').waitFor();
    app.world.instance.setupNeeded = false;
    await page.reload();
    await frame(page).notice('This instance is set up already').waitFor();
  });
});
