import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { createRole } from '../../src/access/create-role.ts';
import { openSession } from '../../src/identity/open-session.ts';
import { replaceExternalGroups } from '../../src/people/replace-external-groups.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { ask, type TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { profilePage, usersPage } from './web-pages.ts';

const axeMilliseconds = 120_000;
const sections = ['overview', 'roles', 'tables', 'sessions', 'devices', 'tokens'] as const;
const html = '<img src=x onerror="document.title=`broken`"> "quoted"';
const rightToLeft = '\u202Eקבוצת המכירות';

describeInBrowser('the pages of users', () => {
  const app = useWebApp();
  let administrator: TestPerson;

  beforeAll(async () => {
    administrator = await app.person('core.admin');
  });

  async function open() {
    const opened = await app.openPage({ as: administrator });
    return { ...opened, users: usersPage(opened.page) };
  }

  async function openUser(person: { id: string }, section?: string) {
    const opened = await open();
    await opened.users.openUser(app.server.url, person.id, section);
    return opened;
  }

  const store = () => app.server.open.services.store;
  const rolesOf = (person: { id: string }) =>
    [...app.server.open.services.accessIndex.rolesOf(person.id)].filter((key) => key !== 'core.viewer').toSorted();

  test('a list is searched, put in order and paged, all of which stands in the address', async () => {
    const many = Array.from({ length: 55 }, (_, index) => `paged-${String(index).padStart(2, '0')}`);
    const insert = many.map((name, index) => ({
      id: `00000000-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`,
      email: `${name}@example.com`,
      name: `Paged ${name}`,
      active: true,
      password_hash: null,
      created_at: new Date(Date.UTC(2026, 0, 1 + index)),
      last_seen_at: null,
    }));
    await store().write(async (tx) => {
      await tx.db.insertInto('users').values(insert).execute();
      for (const { id, email, active } of insert) tx.emit('user', { op: 'put', row: { id, email, active } });
    });
    const { page, users, frame } = await open();
    await users.open(app.server.url);
    await users.search.fill('paged-');
    await eventually(() => users.users.count()).toBe(50);
    await eventually(() => new URL(page.url()).search).toBe('?q=paged-');
    await users.order.selectOption('The newest first');
    await eventually(() => users.users.first().getAttribute('data-user')).toBe('paged-54@example.com');
    await page.getByRole('button', { name: 'Next 50' }).click();
    await eventually(() => users.users.count()).toBe(5);
    expect(await users.users.last().getAttribute('data-user')).toBe('paged-00@example.com');
    await page.reload();
    await eventually(() => users.users.count()).toBe(5);
    expect(await users.search.inputValue()).toBe('paged-');
    await page.goBack();
    await eventually(() => users.users.count()).toBe(50);
    await users.search.fill('nobody has this');
    await frame.notice('Nobody found').waitFor();
  });

  test('somebody is added and invited by a link shown once, and the same address is refused at the place', async () => {
    const { page, users } = await open();
    await users.open(app.server.url);
    await users.add.click();
    await users.dialog.getByLabel('E-mail address').fill('not an address');
    await users.press('Add them');
    await page.getByText('This is not an e-mail address.').waitFor();
    await users.dialog.getByLabel('E-mail address').fill('New@Example.com');
    await users.press('Add them');
    const link = await users.dialog.getByRole('textbox', { name: 'The invitation' }).inputValue();
    expect(link).toMatch(/\/invite#/);
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await users.press('Hide it');
    expect(await page.content()).not.toContain(link.split('#')[1]);
    await users.dialog.getByRole('link', { name: 'Give roles' }).click();
    await page.getByRole('heading', { level: 1, name: 'new@example.com' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#roles');
    await page.goBack();
    await users.user('new@example.com').waitFor();
    await users.add.click();
    await users.dialog.getByLabel('E-mail address').fill('new@example.com');
    await users.press('Add them');
    await eventually(() => users.dialog.getByRole('alert').textContent()).toContain('new@example.com');
  });

  test('a core role is exchanged, another given until a moment and taken away; the last administrator stays', async () => {
    await app.server.run(createRole, { key: 'sales.reader', displayName: 'Sales reader' });
    const person = await app.person('core.analyst');
    const { page, users } = await openUser(person, 'roles');
    await page.getByRole('combobox', { name: 'Core role' }).selectOption('core.km_admin');
    await page.getByRole('button', { name: 'Set the core role' }).click();
    await users.row('effective-role', 'core.km_admin').waitFor();
    expect(rolesOf(person)).toEqual(['core.analyst', 'core.km_admin']);
    await eventually(() => users.rows('Roles given directly').count()).toBe(1);

    const give = page.getByRole('form', { name: 'Give a role' });
    await give.getByRole('button').click();
    await page.getByText('Choose a role.').waitFor();
    await give.getByLabel('Role', { exact: true }).selectOption('sales.reader');
    await give.getByLabel('Until, if it is to end').fill('2020-01-01T00:00');
    await give.getByRole('button').click();
    await eventually(() => give.textContent()).toContain('future');
    await give.getByLabel('Until, if it is to end').fill('2099-01-01T00:00');
    await give.getByRole('button').click();
    await eventually(() => users.row('grant', 'sales.reader').textContent()).toContain(', ends in');
    await give.getByLabel('Role', { exact: true }).selectOption('sales.reader');
    await give.getByRole('button').click();
    await eventually(() => give.getByRole('alert').textContent()).toContain('directly already');
    await page.getByRole('button', { name: 'Take away: Sales reader' }).click();
    await users.press('Take it away');
    await users.row('grant', 'sales.reader').waitFor({ state: 'detached' });
    expect(rolesOf(person)).toEqual(['core.analyst', 'core.km_admin']);

    await users.openUser(app.server.url, administrator.id, 'roles');
    await page.getByRole('button', { name: 'Take away: Administrator' }).click();
    await users.press('Take it away');
    await eventually(() => users.dialog.getByRole('alert').textContent()).toMatch(/administrator/);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Core role' }).selectOption('core.viewer');
    await page.getByRole('button', { name: 'Set the core role' }).click();
    await eventually(() => page.getByRole('form', { name: 'Core role' }).getByRole('alert').textContent()).toMatch(
      /administrator/,
    );
    expect(rolesOf(administrator)).toContain('core.admin');
  });

  test('an account is renamed, deactivated, activated and, after it was said what goes along, deleted', async () => {
    const person = await app.person('core.analyst');
    const { page, users, frame } = await openUser(person);
    const form = page.getByRole('form', { name: 'Name and address' });
    await form.getByLabel('Name').fill('Ada Lovelace');
    await form.getByLabel('E-mail address').fill(administrator.email);
    await form.getByRole('button').click();
    await eventually(() => form.getByRole('alert').textContent()).toContain(administrator.email);
    await form.getByLabel('E-mail address').fill(person.email);
    await form.getByRole('button').click();
    await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await users.press('Deactivate');
    await page.getByText('deactivated: no role counts').waitFor();
    expect(rolesOf(person)).toEqual([]);
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('button', { name: 'Deactivate' }).waitFor();
    expect(rolesOf(person)).toEqual(['core.analyst']);
    await page.getByRole('button', { name: 'Delete' }).click();
    await eventually(() => users.dialog.getByRole('listitem').allTextContents()).toEqual(['1 token', '1 role']);
    await users.press('Delete for good');
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    expect(app.server.open.services.accessIndex.user(person.id)).toBeUndefined();
    await users.openUser(app.server.url, person.id);
    await frame.notice('There is no such user').waitFor();
  });

  test('a role that is taken away and a session that is ended change the other browser without a reload', async () => {
    const person = await app.person('core.analyst');
    const other = await app.openPage({ as: person });
    const profile = profilePage(other.page);
    await profile.open(app.server.url, 'roles');
    await profile.row('effective-role', 'core.analyst').waitFor();
    await other.page.evaluate(() => Object.assign(window, { sameDocument: true }));
    const { page, users } = await openUser(person, 'roles');
    await page.getByRole('combobox', { name: 'Core role' }).selectOption('core.admin');
    await page.getByRole('button', { name: 'Set the core role' }).click();
    await other.frame.navigation.getByRole('link', { name: 'Users' }).waitFor();
    await page.getByRole('button', { name: 'Take away: Administrator' }).click();
    await users.press('Take it away');
    await other.frame.notice('No role counts').waitFor();
    await eventually(() => other.frame.navigation.getByRole('link').allTextContents()).toEqual([
      'Home',
      'Access matrix',
      'Profile',
      'GraphiQL',
    ]);
    await eventually(() => other.frame.header.textContent()).toContain('No core role');

    await page.getByRole('link', { name: 'Sessions' }).click();
    await users.rows('Sessions').getByRole('button').click();
    await users.press('End it');
    await other.frame.notice('You are not signed in').waitFor();
    expect(await other.page.evaluate(() => 'sameDocument' in window)).toBe(true);
    await page.getByRole('heading', { name: 'Signed in nowhere' }).waitFor();
  });

  test('tokens of others are revoked, and all sessions ended at once', async () => {
    const person = await app.person('core.viewer');
    const given = { userId: person.id, door: 'password' as const, device: 'A phone', address: null };
    await store().write((tx) => openSession(tx, given));
    const { page, users } = await openUser(person, 'tokens');
    await page.getByRole('button', { name: 'Revoke: test' }).click();
    await users.press('Revoke it');
    await page.getByRole('heading', { name: 'No token works' }).waitFor();
    const { data } = await ask(app.server, { as: { token: person.token }, query: '{ viewer { email } }' });
    expect(data?.viewer ?? null).toBeNull();
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('button', { name: 'End all sessions' }).click();
    await users.press('End them');
    await page.getByRole('heading', { name: 'Signed in nowhere' }).waitFor();
  });

  test('who lacks the role is told which, and the pages ask the server for nothing of users', async () => {
    const person = await app.person('core.km_admin');
    const { page, frame } = await app.openPage({ as: person });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.postData() ?? ''));
    const users = usersPage(page);
    for (const visit of [() => users.open(app.server.url), () => users.openUser(app.server.url, person.id)]) {
      await visit();
      await frame.notice('You may not see this page').waitFor();
      expect(await page.getByRole('alert').textContent()).toContain('core.admin');
    }
    expect(await frame.navigation.textContent()).not.toContain('Users');
    expect(asked.filter((body) => /query User/.test(body))).toEqual([]);
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  test('failures of the server are told in the list and in each section, and trying again works', async () => {
    const message = 'Something went wrong on the server (request 0f3a).';
    const person = await app.person();
    const { page, users, frame } = await open();
    const fail = (operation: RegExp) =>
      page.route('**/graphql', async (route) => {
        if (!operation.test(route.request().postData() ?? '')) return route.continue();
        await route.fulfill({ json: { data: null, errors: [{ message }] } });
      });
    await fail(/query Users\(/);
    await users.open(app.server.url);
    await frame.notice('The users could not be loaded').waitFor();
    await page.unroute('**/graphql');
    await frame.retry.click();
    await users.users.first().waitFor();
    await fail(/query User(Roles|Tables|Credentials)\(/);
    await users.openUser(app.server.url, person.id);
    for (const section of sections.slice(1)) {
      await users.sections.nth(sections.indexOf(section)).click();
      await page.getByRole('heading', { name: /could not be loaded/ }).waitFor();
      expect(await page.getByRole('alert').textContent()).toContain(message);
    }
    await page.unroute('**/graphql');
    await frame.retry.click();
    await users.rows('Tokens').first().waitFor();
  });

  test(
    'hostile and endless names break nothing, and axe finds nothing',
    async () => {
      const role = { key: `hostile.role`, displayName: html };
      await app.server.run(createRole, { ...role, implies: ['core.viewer'] });
      const person = await app.person(role.key);
      await store().write(async (tx) => {
        const name = `${html}${rightToLeft}${'x'.repeat(10_000)}`;
        await tx.db.updateTable('users').set({ name }).where('id', '=', person.id).execute();
        await tx.db.updateTable('tokens').set({ name }).where('user_id', '=', person.id).execute();
        const groups = [{ id: 'i'.repeat(500), name }, { id: html }, { id: rightToLeft }];
        await replaceExternalGroups(tx, { userId: person.id, provider: 'test', groups });
        await openSession(tx, { userId: person.id, door: 'oidc', device: name.slice(0, 200), address: null });
      });
      const { page, users } = await open();
      await users.open(app.server.url, `?q=${person.email}`);
      await users.user(person.email).waitFor();
      await expectSound(page);
      await page.keyboard.press('Tab');
      await users.user(person.email).getByRole('link').press('Enter');
      for (const [index, section] of sections.entries()) {
        await users.sections.nth(index).press('Enter');
        await page.locator(`#section-${section}`).waitFor();
        await page.getByRole('status', { name: /^Loading/ }).waitFor({ state: 'detached' });
        await expectSound(page);
      }
      await page.getByRole('button', { name: /^Revoke: / }).click();
      await users.dialog.getByRole('button', { name: 'Revoke it' }).waitFor();
      await expectSound(page);
      const own = await app.openPage({ as: person });
      for (const section of ['account', 'roles', 'sessions', 'tokens']) {
        await profilePage(own.page).open(app.server.url, section);
        await own.page.locator(`#section-${section}`).waitFor();
        await own.page.getByRole('status', { name: /^Loading/ }).waitFor({ state: 'detached' });
        expect(await overflow(own.page)).toBe(0);
      }
      expect(await own.page.title()).toBe('Profile · Agnes');
    },
    axeMilliseconds,
  );
});

async function expectSound(page: Page): Promise<void> {
  expect(await findAccessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).not.toBe('broken');
}

/** How much wider the page is than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
