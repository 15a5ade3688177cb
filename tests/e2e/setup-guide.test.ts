import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSetupSecret } from '../../src/identity/setup.ts';
import { setCoreRole } from '../../src/access/set-core-role.ts';
import { configureInstance } from '../../src/identity/configure-instance.ts';
import { setSecret } from '../../src/registry/set-secret.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { startIssuer } from '../kit/issuer.ts';
import { ask } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { frame, setupGuide, setupPage, tablesPage } from './web-pages.ts';

const ada = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' };
const issuer = await startIssuer();
afterAll(() => issuer.close());

describeInBrowser('the guided setup', () => {
  const app = useWebApp();
  let folder: string;

  beforeAll(() => {
    folder = join(app.server.files, 'shop');
    mkdirSync(folder);
    writeFileSync(join(folder, 'orders.csv'), 'id,total\n1,10\n2,20\n');
    writeFileSync(join(folder, 'customers.csv'), 'id\n1\n');
  });

  test(
    'leads from an empty instance to a table that can be queried, by keyboard and mouse',
    { timeout: 120_000 },
    async () => {
      const { page } = await app.openPage();
      const secret = await createSetupSecret(app.server.open.services);
      const setup = setupPage(page);
      await setup.open(app.server.url, secret);
      await setup.fill(ada);
      await setup.submit.click();

      const guide = setupGuide(page);
      await guide.heading.waitFor();
      await eventually(() => guide.states()).toEqual(['To do', 'Done', 'To do', 'To do', 'To do']);
      expect(await frame(page).navigation.getByRole('link', { name: 'Setup' }).count()).toBe(1);
      expect(await findAccessibilityFaults(page)).toEqual([]);

      await guide.field('Name of this instance').fill('Example data');
      await guide.field('Allowed e-mail domains').fill('*.example.com');
      await page.keyboard.press('Enter');
      await page.getByText('This is not a domain').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
      await guide.field('Allowed e-mail domains').fill('example.com');
      await page.keyboard.press('Enter');
      await eventually(() => frame(page).header.textContent()).toContain('Example data');

      await guide.toggle('Sign-in').press('Enter');
      await guide.field('Label').fill('Partners');
      await guide.field('Id').fill('partners');
      await guide.field('Issuer').fill(issuer.url);
      await guide.field('Client id').fill(issuer.clientId);
      await guide.press('Check and add the provider');
      await page.getByText('does not answer as an OpenID Connect issuer does').waitFor();
      await issuer.serve([`${app.server.url}/auth/oidc/partners/callback`]);
      await guide.press('Check and add the provider');
      await page.getByText(`${app.server.url}/auth/oidc/partners/callback`).waitFor();
      await eventually(() => guide.states()).toEqual(['Done', 'To do', 'To do', 'To do', 'To do']);
      await page.getByLabel('Secret PARTNERS_CLIENT_SECRET', { exact: true }).fill(issuer.clientSecret);
      await guide.press('Keep the secret');
      await page.getByText('is open').waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);

      await guide.press('Go on to the next step');
      await guide.field('Name of the source').fill('shop');
      await guide.field('folder').fill('shop');
      await guide.press('Check and connect the source');
      await eventually(() => guide.field('folder').getAttribute('aria-invalid')).toBe('true');
      await guide.field('folder').fill('/etc');
      await guide.press('Check and connect the source');
      await eventually(() => page.getByRole('alert').textContent()).toContain('FILES_ALLOWED_ROOTS');
      expect(app.server.open.services.registry.sources()).toEqual([]);
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await guide.field('folder').fill(folder);
      await guide.press('Check and connect the source');
      await page.getByText('Connected: shop (files).').waitFor();

      await guide.press('Go on to the next step');
      await page.getByRole('checkbox', { name: 'customers' }).uncheck();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await guide.press('Register 1 table');
      await page.getByText('Registered: shop.orders.').waitFor();

      await guide.press('Go on to the next step');
      await guide.press('Sync shop');
      await page.getByText('2 rows').waitFor();
      await frame(page).notice('This instance is set up').waitFor();
      await eventually(() => guide.states()).toEqual(['Done', 'Done', 'Done', 'Done', 'Done']);
      await eventually(() => frame(page).navigation.getByRole('link', { name: 'Setup' }).count()).toBe(0);
      expect(await findAccessibilityFaults(page)).toEqual([]);

      const [cookie] = await page.context().cookies();
      const query = '{ sql(statement: "SELECT sum(total) AS sum FROM shop.orders") { rows } }';
      const { data } = await ask(app.server, { as: { session: cookie!.value }, query });
      expect(data.sql.rows).toEqual([['30']]);
      await page.getByRole('link', { name: 'Go to the tables' }).click();
      await tablesPage(page).row('shop.orders').whole.waitFor();
    },
  );

  test('changes a provider, replaces and removes its secret, and removes the provider with its secret', async () => {
    await issuer.serve([`${app.server.url}/auth/oidc/guests/callback`]);
    const name = 'GUESTS_CLIENT_SECRET';
    const guests = { id: 'guests', label: 'Guests', issuer: issuer.url, clientId: 'old', clientSecretEnv: name };
    await app.server.run(configureInstance, { providers: [guests] });
    await app.server.run(setSecret, { name, value: 'the first' });
    const settings = () => app.server.open.services.instanceSettings;
    const kept = () => app.server.open.services.variables.read(name);
    const { page } = await app.openPage({ as: await app.person('core.admin') });
    await page.goto(`${app.server.url}/setup/guide`);
    const guide = setupGuide(page);
    await guide.toggle('Sign-in').click();
    const provider = page.locator('li[data-provider=guests]');
    await provider.getByText('is open').waitFor();
    const dialog = page.getByRole('dialog');
    const fill = (label: string, text: string) => dialog.getByLabel(label, { exact: true }).fill(text);
    const save = () => dialog.getByRole('button', { name: 'Check and save the provider' }).click();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name'));

    await guide.press('Change: Guests');
    await dialog.getByLabel('Client id').waitFor();
    expect(await dialog.getByLabel('Id', { exact: true }).getAttribute('readonly')).not.toBeNull();
    await fill('Issuer', 'http://127.0.0.1:1');
    await save();
    await dialog.getByText('cannot be reached').waitFor();
    await eventually(focused).toBe('issuer');
    await fill('Issuer', issuer.url);
    await fill('Client id', issuer.clientId);
    await dialog.getByLabel('It has its own list of allowed domains').check();
    await fill('Its allowed e-mail domains', '*');
    await save();
    await dialog.getByText('This is not a domain').waitFor();
    await eventually(focused).toBe('allowedDomains');
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await fill('Its allowed e-mail domains', 'example.org');
    await fill('Label', 'Our guests');
    await save();
    await dialog.waitFor({ state: 'detached' });
    const changed = { ...guests, label: 'Our guests', clientId: issuer.clientId, allowedDomains: ['example.org'] };
    expect(settings().stored.providers).toEqual([changed]);
    await provider.getByText('Our guests').waitFor();

    await provider.getByLabel(`Secret ${name}`, { exact: true }).fill('the second');
    await guide.press('Replace the secret');
    await eventually(kept).toBe('the second');
    await guide.press(`Remove the secret ${name}`);
    await dialog.getByText('provider guests').waitFor();
    await dialog.getByRole('button', { name: 'Remove it' }).click();
    await provider.getByText('is closed until its secret is set').waitFor();
    expect([kept(), settings().openProviders()]).toEqual([undefined, []]);
    await eventually(focused).toBe(name);

    await app.server.run(setSecret, { name, value: 'the third' });
    await guide.press('Remove: Our guests');
    await dialog.getByRole('button', { name: 'Remove it' }).click();
    await provider.waitFor({ state: 'detached' });
    expect([kept(), settings().stored.providers]).toEqual([undefined, []]);
    await eventually(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  test('is refused to who does not administer, and to who has just lost the role', async () => {
    const analyst = await app.person('core.analyst');
    const { page } = await app.openPage({ as: analyst });
    await page.goto(`${app.server.url}/setup/guide`);
    await frame(page).notice('You may not see this page').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    expect(await frame(page).navigation.getByRole('link', { name: 'Setup' }).count()).toBe(0);

    const admin = await app.person('core.admin');
    const { page: second } = await app.openPage({ as: admin });
    await second.goto(`${app.server.url}/setup/guide`);
    await setupGuide(second).toggle('Name and domains').waitFor();
    await app.server.run(setCoreRole, { userId: admin.id, roleKey: 'core.viewer' });
    await frame(second).notice('You may not see this page').waitFor();
    expect(await setupGuide(second).field('Name of this instance').count()).toBe(0);
  });
});
