import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate } from '../api/mutate.ts';
import { describeInBrowser } from '../kit/browser.ts';
import { linkIn, secretOf, startMailServer } from '../kit/mail-server.ts';
import type { TestPerson } from '../kit/server.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { signInForm, usersPage } from './web-pages.ts';

const password = 'correct horse battery';
const mail = await startMailServer();

describeInBrowser('links in mails', () => {
  const app = useWebApp({ environment: mail.environment });
  let admin: TestPerson;

  beforeAll(async () => {
    admin = await app.person('core.admin');
  });

  afterAll(() => mail.close());

  async function openLink(link: string, colorScheme: 'light' | 'dark' = 'light') {
    const { page, frame } = await app.openPage({ colorScheme });
    const answer = await page.goto(link);
    expect(answer?.status()).toBe(200);
    return { page, frame };
  }

  test('somebody is added on the page of users: the page says that the invitation is mailed, and shows no link', async () => {
    const { page } = await app.openPage({ as: admin });
    const users = usersPage(page);
    await users.open(app.server.url);
    await users.add.click();
    await users.dialog.getByLabel('E-mail address').fill('mary@example.com');
    await users.press('Add them');
    await users.dialog.getByText('The invitation is mailed to mary@example.com').waitFor();
    const [arrived] = await mail.mailsTo('mary@example.com');
    expect(await page.content()).not.toContain(secretOf(linkIn(arrived!)));
    expect(await users.dialog.getByRole('textbox').count()).toBe(0);
  });

  test('an invitation asks for a password and signs in; the link leaves the address bar', async () => {
    const email = 'grace@example.com';
    await mutate(app.server, admin, { field: 'createUser', input: { email, sendInvite: true } });
    const [arrived] = await mail.mailsTo(email);
    const { page, frame } = await openLink(linkIn(arrived!), 'dark');
    const accept = page.getByRole('button', { name: 'Choose this password and sign in' });
    await accept.click();
    await page.getByText('Use at least 12 characters.').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    expect(page.url()).toBe(`${app.server.url}/invite`);
    await page.getByLabel('Your name, if you like').fill('Grace');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('The same password again', { exact: true }).fill(password);
    await accept.click();
    await eventually(() => frame.header.textContent()).toContain(email);
    const { page: second } = await openLink(linkIn(arrived!));
    await second.getByLabel('Password', { exact: true }).fill(password);
    await second.getByLabel('The same password again', { exact: true }).fill(password);
    await second.getByRole('button', { name: 'Choose this password and sign in' }).click();
    await eventually(() => second.getByRole('alert').textContent()).toContain('This link is not valid');
  });

  test('a sign-in link is asked for from the sign-in page; opening it uses nothing up, only its button does', async () => {
    const person = await app.person('core.viewer');
    const { page } = await app.openTables();
    await signInForm(page).submit.waitFor();
    await page.getByRole('link', { name: 'Sign in by a mailed link' }).click();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(person.email);
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Mail me a link' }).click();
    await page.getByText('a link is on its way').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    const [arrived] = await mail.mailsTo(person.email);
    const link = linkIn(arrived!);

    // A scanner of mails: it loads the page as a browser does, and runs its scripts.
    for (let scan = 0; scan < 2; scan += 1) {
      const { page: scanned } = await openLink(link);
      await scanned.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      expect(await scanned.context().cookies()).toEqual([]);
    }
    const { page: opened, frame } = await openLink(link);
    expect(await findAccessibilityFaults(opened)).toEqual([]);
    await opened.getByRole('button', { name: 'Sign in', exact: true }).click();
    await eventually(() => frame.header.textContent()).toContain(person.email);
  });

  test('a forgotten password is chosen anew by a link', async () => {
    const person = await app.person('core.viewer');
    const { page } = await app.openTables();
    await page.getByRole('link', { name: 'choose a new password' }).click();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(person.email);
    await page.keyboard.press('Enter');
    const [arrived] = await mail.mailsTo(person.email);
    const { page: opened, frame } = await openLink(linkIn(arrived!));
    await opened.getByLabel('Password', { exact: true }).fill(password);
    await opened.getByLabel('The same password again', { exact: true }).fill(password);
    await opened.keyboard.press('Enter');
    await eventually(() => frame.header.textContent()).toContain(person.email);
  });
});
