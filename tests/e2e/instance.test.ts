import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { instancePage } from './instance-page.ts';
import { eventually, useWebApp } from './web-app.ts';

const axeMilliseconds = 120_000;

describeInBrowser('the page of the instance', () => {
  const environment = {
    INSTANCE_CONTACT: 'data@example.com',
    ALLOWED_EMAIL_DOMAINS: 'example.com',
    OIDC_ISSUER: 'https://login.example.com',
    OIDC_CLIENT_ID: 'agnes',
    OIDC_CLIENT_SECRET: 'a very secret value',
  };
  const app = useWebApp({ environment });
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
    await app.addSource('shop', { orders: { content: 'id\n1\n' } });
  });

  async function open() {
    const opened = await app.openPage({ as: administrator });
    return { ...opened, instance: instancePage(opened.page) };
  }

  test('it tells how the instance is and what it is set up with and by what, and no secret; a key is made and ended', async () => {
    const { page, instance } = await open();
    await instance.open(app.server.url);
    await eventually(() => instance.figure('State database').textContent()).toMatch(/\d.*B a file of DuckDB/);
    await eventually(() => instance.figure('Free on the disk').textContent()).toMatch(/\d.*B of \d.*B/);
    expect(await page.getByRole('main').textContent()).toContain(app.server.dataDir);
    await page.getByText('No run that is kept has failed.').waitFor();
    const configuration = page.getByRole('region', { name: 'Configuration' });
    await eventually(() => configuration.textContent()).toMatch(
      /Agnes changeableVersion.*data@example.com.*INSTANCE_CONTACT.*example.com.*ALLOWED_EMAIL_DOMAINS.*OIDC_ISSUER/,
    );
    expect(await page.content()).not.toContain(environment.OIDC_CLIENT_SECRET);

    await app.sync('shop');
    rmSync(join(app.server.files, 'shop/orders.csv'));
    await app.sync('shop');
    await eventually(() => instance.runs.allTextContents()).toEqual([expect.stringMatching(/^shop.*shop\.orders: /)]);

    const [first] = app.server.open.services.signingKeys.list();
    await page.getByRole('button', { name: 'Make a new key' }).click();
    await instance.press('Make it');
    await eventually(() => instance.keys.count()).toBe(2);
    await page.getByRole('button', { name: 'A key has leaked' }).click();
    await instance.press('End the older keys');
    await eventually(() => instance.keys.count()).toBe(1);
    expect(app.server.open.services.signingKeys.list().map(({ id }) => id)).not.toContain(first?.id);
  });

  test('who lacks the role is told which and offered a mail to the contact, which is written already', async () => {
    const person = await app.person('core.analyst');
    const { page, frame } = await app.openPage({ as: person });
    await instancePage(page).open(app.server.url);
    await frame.notice('You may not see this page').waitFor();
    const mail = new URL((await page.getByRole('link', { name: 'Ask for it' }).getAttribute('href')) ?? '');
    expect([mail.protocol, decodeURIComponent(mail.pathname)]).toEqual(['mailto:', 'data@example.com']);
    expect(mail.searchParams.get('subject')).toBe('The role core.admin on Agnes');
    expect(mail.searchParams.get('body')).toContain(`Person: ${person.email}\nPage: ${page.url()}`);
    expect(await frame.navigation.textContent()).not.toContain('Instance');
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  test('a failure of the server is told at its part, and trying again works', async () => {
    const { page, instance, frame } = await open();
    await page.route('**/graphql', async (route) => {
      if (!/query InstanceHealth/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message: 'The disk cannot be looked at.' }] } });
    });
    await instance.open(app.server.url);
    await frame.notice('The health could not be loaded').waitFor();
    await instance.keys.first().waitFor();
    await page.unroute('**/graphql');
    await frame.retry.click();
    await instance.figure('State database').waitFor();
  });

  test(
    'axe finds nothing',
    async () => {
      const { page, instance } = await open();
      await instance.open(app.server.url);
      await instance.keys.first().waitFor();
      await instance.figure('State database').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    },
    axeMilliseconds,
  );
});
