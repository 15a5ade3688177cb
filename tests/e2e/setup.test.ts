import { beforeAll, expect, test } from 'vitest';
import { createSetupSecret, setupNeeded } from '../../src/identity/setup.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { frame, setupGuide, setupPage } from './web-pages.ts';

const ada = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' };

describeInBrowser('the setup page of an instance without an administrator', () => {
  const app = useWebApp();
  let secret: string;

  beforeAll(async () => {
    secret = await createSetupSecret(app.server.open.services);
  });

  async function openSetup(given: { secret: string; colorScheme?: 'light' | 'dark' }) {
    const { page } = await app.openPage({ colorScheme: given.colorScheme });
    const setup = setupPage(page);
    await setup.open(app.server.url, given.secret);
    return { page, setup };
  }

  test('every other page says where the setup link stands', async () => {
    const { page } = await app.openTables();
    await page.getByText('The server wrote a setup link into its log').waitFor();
  });

  test('a link without its secret is told', async () => {
    const { page } = await openSetup({ secret: '' });
    await frame(page).notice('The setup link is not complete').waitFor();
  });

  test('says at each field what is wrong before anything is sent, and puts the cursor there', async () => {
    const { page, setup } = await openSetup({ secret });
    await setup.email.fill('ada');
    await setup.password.fill('short');
    await setup.submit.click();
    await page.getByText('Enter an e-mail address, like ada@example.com.').waitFor();
    await page.getByText('Use at least 12 characters.').waitFor();
    await page.getByText('The two passwords differ.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
  });

  test("shows the server's refusal of a field at the field, and of the link below the form", async () => {
    const { page, setup } = await openSetup({ secret: 'an-old-secret' });
    await setup.fill(ada);
    await setup.submit.click();
    await eventually(() => page.getByRole('alert').textContent()).toContain('This setup link is not valid');
    const { setup: second } = await openSetup({ secret });
    await second.fill({ ...ada, password: 'p'.repeat(300) });
    await second.submit.click();
    await eventually(() => second.password.getAttribute('aria-invalid')).toBe('true');
    expect(setupNeeded(app.server.open.services)).toBe(true);
  });

  test('axe finds nothing, with faults too', async () => {
    const { page, setup } = await openSetup({ secret });
    await setup.submit.waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await setup.submit.click();
    await page.getByText('Enter your name.').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  test('makes the first administrator, signed in by a cookie that no script reads, and closes', async () => {
    const { page, setup } = await openSetup({ secret });
    await setup.fill(ada);
    expect(page.url()).toBe(`${app.server.url}/setup`);
    await page.keyboard.press('Enter');
    await setupGuide(page).heading.waitFor();
    await eventually(() => frame(page).header.textContent()).toMatch(
      /^AgnesGo to…Ctrl Kada@example\.com\s*AdministratorSign out$/,
    );
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: 'agnes', httpOnly: true, sameSite: 'Lax', path: '/' });
    await page.reload();
    await eventually(() => frame(page).header.textContent()).toContain('ada@example.com');
    await page.goBack();
    expect(page.url()).not.toContain(secret);

    const { page: second } = await openSetup({ secret });
    await frame(second).notice('This instance is set up already').waitFor();
  });
});
