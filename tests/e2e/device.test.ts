import { expect, test } from 'vitest';
import { poll, startDevice } from '../api/identity/device-flow.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { frame } from './web-pages.ts';

describeInBrowser('the page that lets devices in', () => {
  const app = useWebApp();

  async function openPage(address: string) {
    const person = await app.person('core.viewer');
    const { page } = await app.openPage({ as: person });
    await page.goto(address);
    return { page, person };
  }

  test('shows who asks before anything is decided, and lets the device in', async () => {
    const started = await startDevice(app.server);
    const { page } = await openPage(started['verification_uri_complete']!);
    await eventually(() => page.getByLabel('Code').inputValue()).toBe(started['user_code']);
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('da on laptop').waitFor();
    await page.getByText('127.0.0.1').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    expect((await poll(app.server, started['device_code']!)).body).toMatchObject({ error: 'authorization_pending' });
    await page.getByRole('button', { name: 'Let it in' }).click();
    await frame(page).notice('The device is let in').waitFor();
    expect((await poll(app.server, started['device_code']!)).status).toBe(200);
  });

  test('denies a device whose code was typed, and says when a code is incomplete or unknown', async () => {
    const started = await startDevice(app.server);
    const { page } = await openPage(started['verification_uri']!);
    const code = page.getByLabel('Code');
    await code.fill('BBBB');
    await page.keyboard.press('Enter');
    await page.getByText('Enter all eight letters.').waitFor();
    await code.fill('bbbb bbbb');
    await page.keyboard.press('Enter');
    await page.getByText('No device waits under this code.').waitFor();
    await code.fill(started['user_code']!.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Deny' }).click();
    await frame(page).notice('The device is not let in').waitFor();
    expect((await poll(app.server, started['device_code']!)).body).toMatchObject({ error: 'access_denied' });
  });

  test('is closed to whoever is not signed in', async () => {
    const { page } = await app.openPage();
    await page.goto(`${app.server.url}/device`);
    await page.getByText('The server wrote a setup link into its log').waitFor();
    expect(await page.getByRole('button', { name: 'Continue' }).count()).toBe(0);
  });
});
