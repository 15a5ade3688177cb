import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { createGroupMapping } from '../../src/access/create-group-mapping.ts';
import { hashPassword } from '../../src/identity/password.ts';
import { openSession } from '../../src/identity/open-session.ts';
import { replaceExternalGroups } from '../../src/people/replace-external-groups.ts';
import { writePasswordHash } from '../../src/people/password-hash.ts';
import { letDeviceIn } from '../api/identity/device-flow.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { ask, type TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { profilePage } from './web-pages.ts';

const axeMilliseconds = 120_000;
const sections = ['account', 'roles', 'tables', 'sessions', 'devices', 'password', 'tokens'] as const;

describeInBrowser('the page of one’s own account', () => {
  const app = useWebApp();

  // Without an administrator the instance would ask for its setup.
  beforeAll(() => app.person('core.admin'));

  async function open(person: TestPerson, section?: string) {
    const opened = await app.openPage({ as: person });
    const profile = profilePage(opened.page);
    await profile.open(app.server.url, section);
    return { ...opened, profile };
  }

  const store = () => app.server.open.services.store;

  function givePassword(person: TestPerson, password: string): Promise<void> {
    return hashPassword(password).then((hash) => store().write((tx) => writePasswordHash(tx, person.id, hash)));
  }

  /** Another browser of the same person; what is returned is the value of its cookie. */
  async function signInElsewhere(person: TestPerson, device: string): Promise<string> {
    const given = { userId: person.id, door: 'password' as const, device, address: '192.0.2.7' };
    return (await store().write((tx) => openSession(tx, given))).secret;
  }

  const isLive = async (session: string) => {
    const { data } = await ask(app.server, { as: { session }, query: '{ viewer { email } }' });
    return data.viewer !== null;
  };

  test('tells who one is, one’s roles with what gave them, and one’s groups with what they give', async () => {
    const person = await app.person('core.viewer');
    await store().write((tx) =>
      replaceExternalGroups(tx, {
        userId: person.id,
        provider: 'test',
        groups: [{ id: 'g-1', name: 'Planners' }, { id: 'g-2' }],
      }),
    );
    await app.server.run(createGroupMapping, { externalGroupId: 'g-1', roleKey: 'core.analyst' });
    const { page, profile } = await open(person);
    await page.getByRole('definition').first().waitFor();
    expect(await profile.shownSections()).toEqual(['Account']);
    await eventually(() => page.getByRole('definition').allTextContents()).toMatchObject([
      person.email.split('@')[0],
      person.email,
      expect.stringMatching(/^Analyst/),
      'since just now',
    ]);
    await profile.section('Roles and groups').click();
    expect(new URL(page.url()).hash).toBe('#roles');
    await eventually(() =>
      profile.row('effective-role', 'core.viewer').getByRole('listitem').allTextContents(),
    ).toEqual(['given by Agnes', 'by the group g-1, through Analyst']);
    await eventually(() => profile.rows('Groups').allTextContents()).toEqual([
      'g-2gives no role',
      'Plannersg-1gives Analyst',
    ]);
  });

  test('tells the tables that one may read with the reason, and sees a new one without a reload', async () => {
    const { orders, plans } = await app.addSource('own', {
      orders: { content: 'id\n1\n', description: 'One row per order.' },
      plans: { content: 'id\n1\n' },
    });
    const person = await app.person('core.analyst');
    const { page, profile } = await open(person, 'tables');
    await page.getByRole('heading', { name: 'No table may be read' }).waitFor();
    await app.grant(person, orders);
    await eventually(() => profile.rows('Readable tables').allTextContents()).toEqual([
      'own.ordersOne row per order.granted to the person',
    ]);
    await app.grant(person, plans);
    await eventually(() => profile.rows('Readable tables').count()).toBe(2);
  });

  test('one session is ended, then all others, and at last all', async () => {
    const person = await app.person('core.viewer');
    const phone = await signInElsewhere(person, 'A phone');
    const laptop = await signInElsewhere(person, 'A laptop');
    const desk = await signInElsewhere(person, 'A desk');
    const { page, profile, frame } = await open(person, 'sessions');
    await eventually(() => profile.rows('Sessions').count()).toBe(4);
    expect(await profile.rows('Sessions').filter({ hasText: 'this browser' }).count()).toBe(1);
    const row = profile.rows('Sessions').filter({ hasText: 'A phone' });
    expect(await row.textContent()).toContain('by password, from 192.0.2.7');
    await page.getByRole('button', { name: 'End: A phone' }).click();
    await profile.press('End it');
    await eventually(() => row.count()).toBe(0);
    expect([await isLive(phone), await isLive(laptop)]).toEqual([false, true]);
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await profile.press('Sign out');
    await eventually(() => profile.rows('Sessions').count()).toBe(1);
    expect([await isLive(laptop), await isLive(desk), await isLive(person.session)]).toEqual([false, false, true]);
    await page.getByRole('button', { name: 'Sign out everywhere', exact: true }).click();
    await profile.press('Sign out');
    await frame.notice('You are not signed in').waitFor();
    expect(await isLive(person.session)).toBe(false);
  });

  test('a device of one’s own is ended, and has no access from then on', async () => {
    const person = await app.person('core.viewer');
    const { access_token: token } = await letDeviceIn(app.server, person);
    const mayAsk = async () =>
      (await ask(app.server, { as: { token: token! }, query: '{ viewer { email } }' })).data?.viewer?.email;
    expect(await mayAsk()).toBe(person.email);
    const { page, profile, frame } = await open(person, 'devices');
    await eventually(() => profile.rows('Devices').count()).toBe(1);
    expect(await profile.rows('Devices').textContent()).toContain('from 127.0.0.1');
    await page.getByRole('button', { name: 'End: da on laptop' }).click();
    await profile.press('Cancel');
    expect(await mayAsk()).toBe(person.email);
    await page.getByRole('button', { name: 'End: da on laptop' }).click();
    await profile.press('End it');
    await frame.notice('No device is let in').waitFor();
    expect(await mayAsk()).toBeUndefined();
  });

  test('a password is changed, with faults at their fields, and the other sessions are gone', async () => {
    const person = await app.person();
    await givePassword(person, 'the first password');
    const other = await signInElsewhere(person, 'A phone');
    const { page, profile } = await open(person, 'password');
    const fill = async (values: [string, string, string]) => {
      const labels = ['Current password', 'New password', 'The new password again'];
      for (const [index, label] of labels.entries()) await page.getByLabel(label, { exact: true }).fill(values[index]!);
      await page.getByRole('button', { name: 'Change the password' }).click();
    };
    await fill(['', 'short', 'other']);
    await page.getByText('Enter the password as it is.').waitFor();
    await page.getByText('Use at least 12 characters.').waitFor();
    await page.getByText('The two passwords differ.').waitFor();
    await fill(['not my password', 'the second password', 'the second password']);
    await page.getByText('This is not your current password.').waitFor();
    await eventually(() => profile.focusedLabel()).toBe('Current password');
    expect(await isLive(other)).toBe(true);
    await fill(['the first password', 'the second password', 'the second password']);
    await page.getByText('Your other session has ended.').waitFor();
    expect([await isLive(other), await isLive(person.session)]).toEqual([false, true]);
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  test('who has no password is told how to come to one', async () => {
    const { page, frame } = await open(await app.person(), 'password');
    await frame.notice('You have no password').waitFor();
    await page.getByText('Ask an administrator for a link').waitFor();
  });

  test('a narrowed token is made, shown once, works with what it keeps, and is revoked', async () => {
    const { orders } = await app.addSource('narrow', { orders: { content: 'id\n1\n' }, plans: { content: 'id\n1\n' } });
    const person = await app.person('core.analyst');
    await app.grant(person, orders);
    const { page, profile, consoleErrors } = await open(person, 'tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await profile.press('Make the token');
    await page.getByText('Give the token a name.').waitFor();
    await profile.dialog.getByLabel('Name').fill('laptop');
    await profile.dialog.getByLabel('Ends after').selectOption('No end');
    await profile.dialog.getByLabel('It changes nothing').check();
    await profile.dialog.getByLabel('It keeps only some of my roles').check();
    await profile.press('Make the token');
    await page.getByText('Name at least one role').waitFor();
    await profile.dialog.getByRole('checkbox', { name: 'Viewer' }).check();
    await profile.dialog.getByLabel('It reads only some of my tables').check();
    await profile.dialog.getByLabel('Find tables').fill('narrow.');
    await profile.dialog.getByRole('checkbox', { name: 'narrow.orders' }).check();
    expect(await profile.dialog.getByRole('checkbox', { name: 'narrow.plans' }).count()).toBe(0);
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await profile.press('Make the token');
    const secret = await page.getByLabel('The token laptop').getByRole('textbox').inputValue();
    const narrowed = { as: { token: secret }, query: '{ viewer { effectiveRoles { role { key } } } }' };
    expect((await ask(app.server, narrowed)).data.viewer.effectiveRoles).toEqual([{ role: { key: 'core.viewer' } }]);
    const row = profile.row('token', 'laptop');
    expect(await row.textContent()).toContain('changes nothing · only 1 table · only as core.viewer');
    expect(await row.textContent()).toContain('has no end');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText(/Copied|copy it by hand/).waitFor();
    await page.getByRole('button', { name: 'Hide it' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.reload();
    await row.waitFor();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Set up an agent' }).click();
    const text = await page.getByLabel('The text for the agent').getByRole('textbox').inputValue();
    const [agentSecret = ''] = /agnes_pat_[\w-]+/.exec(text) ?? [];
    const asAgent = { as: { token: agentSecret }, query: '{ viewer { email } }' };
    expect((await ask(app.server, asAgent)).data.viewer).toEqual({ email: person.email });
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Hide it' }).click();
    expect(await page.content()).not.toContain(agentSecret);
    await page.getByText('Agent, set up on').first().waitFor();
    await page.getByRole('button', { name: 'Revoke: laptop' }).click();
    await profile.press('Revoke it');
    await row.waitFor({ state: 'detached' });
    expect((await ask(app.server, narrowed)).data?.viewer ?? null).toBeNull();
    await page.getByLabel(/Show ended tokens too/).check({ force: true });
    await eventually(() => row.textContent()).toContain('revoked');
    expect(consoleErrors).toEqual([]);
  });

  test('nobody sees it signed out, and each section tells a failure of the server and recovers', async () => {
    const stranger = await app.openPage();
    await profilePage(stranger.page).open(app.server.url);
    await stranger.frame.notice('You are not signed in').waitFor();
    const { page, profile, frame } = await open(await app.person(), 'devices');
    await frame.notice('No device is let in').waitFor();
    const message = 'Something went wrong on the server (request 0f3a).';
    await page.route('**/graphql', async (route) => {
      if (!/query (Account|Own)/.test(route.request().postData() ?? '')) return route.continue();
      await route.fulfill({ json: { data: null, errors: [{ message }] } });
    });
    for (const section of sections) {
      await profile.open(app.server.url, section);
      await page.reload();
      await page.getByRole('heading', { name: /could not be loaded/ }).waitFor();
      expect(await page.getByRole('alert').textContent()).toContain(message);
    }
    await page.unroute('**/graphql');
    await frame.retry.click();
    await profile.rows('Tokens').first().waitFor();
  });

  test(
    'axe finds nothing, and every section is reached by keyboard',
    async () => {
      const person = await app.person('core.admin');
      await givePassword(person, 'the first password');
      const { page, profile } = await open(person);
      for (const [index, section] of sections.entries()) {
        await profile.sections.nth(index).press('Enter');
        await eventually(() => new URL(page.url()).hash).toBe(`#${section}`);
        await page.locator(`#section-${section}`).waitFor();
        expect(await profile.shownSections()).toEqual([await profile.sections.nth(index).textContent()]);
        await page.getByRole('status', { name: /^Loading/ }).waitFor({ state: 'detached' });
        expect(await findAccessibilityFaults(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
    },
    axeMilliseconds,
  );
});

/** How much wider the page is than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
