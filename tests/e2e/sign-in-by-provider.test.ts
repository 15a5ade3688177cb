import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { startIssuer } from '../kit/issuer.ts';
import { findAccessibilityFaults } from './accessibility.ts';
import { eventually, useWebApp } from './web-app.ts';
import { frame, tablesPage } from './web-pages.ts';

const issuer = await startIssuer();
afterAll(() => issuer.close());

describeInBrowser('signing in by a provider', () => {
  const app = useWebApp({
    environment: {
      OIDC_ISSUER: issuer.url,
      OIDC_CLIENT_ID: issuer.clientId,
      OIDC_CLIENT_SECRET: issuer.clientSecret,
      ALLOWED_EMAIL_DOMAINS: 'example.com',
    },
  });

  beforeAll(async () => {
    await app.server.person('admin', ['core.admin']);
  });

  test('says that the provider is down, then why it refused, and at last lets in', async () => {
    const { page } = await app.openPage();
    await page.goto(`${app.server.url}/tables?q=orders`);
    const button = page.getByRole('link', { name: 'Sign in with single sign-on' });
    await button.click();
    await page.getByText('The sign-in provider cannot be reached.').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);

    await issuer.serve([`${app.server.url}/auth/oidc/oidc/callback`]);
    issuer.accounts.set('ada', { email: 'ada@example.com', email_verified: false });
    issuer.visitor = 'ada';
    await button.click();
    await page.getByText('The sign-in provider has not verified your e-mail address.').waitFor();

    issuer.accounts.set('ada', { email: 'ada@example.com', email_verified: true });
    await page.goto(`${app.server.url}/tables?q=orders`);
    await button.click();
    await tablesPage(page).heading.waitFor();
    await eventually(() => frame(page).header.textContent()).toContain('ada@example.com');
    expect(page.url()).toBe(`${app.server.url}/tables?q=orders`);
    expect(await page.context().cookies(app.server.url)).toContainEqual(
      expect.objectContaining({ name: 'agnes', httpOnly: true, sameSite: 'Lax', path: '/' }),
    );
  });
});
