import { expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { signInForm } from './web-pages.ts';

const seeded = { email: 'ada@example.com', password: 'correct horse battery' };

describeInBrowser('the page of somebody who is not signed in', () => {
  const app = useWebApp({
    environment: { SEED_ADMIN_EMAIL: seeded.email, SEED_ADMIN_PASSWORD: seeded.password },
  });

  test('a wrong password is told; the right one leads to the tables; signing out ends the session', async () => {
    await app.addSource('shop', { orders: { content: 'id\n1\n' } });
    const { page, tables, frame } = await app.openTables();
    const form = signInForm(page);
    await form.submit.waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    await form.send({ ...seeded, password: 'wrong' });
    await eventually(() => page.getByRole('alert').textContent()).toBe('The e-mail address or the password is wrong.');
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await form.password.fill(seeded.password);
    await page.keyboard.press('Enter');
    await tables.row('shop.orders').whole.waitFor();
    expect(await page.context().cookies()).toMatchObject([{ name: 'agnes', httpOnly: true, sameSite: 'Lax' }]);
    await frame.signOut.click();
    await form.submit.waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(await app.server.open.services.store.db.selectFrom('sessions').select('id').execute()).toEqual([]);
  });
});
