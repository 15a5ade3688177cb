import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/kernel/clock.ts';
import { startCrookedIssuer, type CrookedIssuer } from '../../kit/crooked-issuer.ts';
import { sendExactly } from '../../kit/exact-request.ts';
import { ask, startTestServer, type TestServer } from '../../kit/server.ts';
import { Visitor } from '../../kit/visitor.ts';

describe('what an issuer must not get away with', () => {
  let issuer: CrookedIssuer;
  let server: TestServer;
  const time = { shiftMilliseconds: 0 };
  const clock: Clock = { now: () => new Date(Date.now() + time.shiftMilliseconds) };

  beforeAll(async () => {
    issuer = await startCrookedIssuer();
    server = await startTestServer({
      clock,
      environment: {
        OIDC_ISSUER: issuer.url,
        OIDC_CLIENT_ID: 'agnes',
        OIDC_CLIENT_SECRET: 'secret',
        ALLOWED_EMAIL_DOMAINS: 'example.com',
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await issuer.close();
  });
  beforeEach(() => {
    // Refusals slow down an address: an hour later they are forgotten.
    time.shiftMilliseconds += 2 * 3_600_000;
    Object.assign(issuer, { claims: {}, strangersKey: false, tokenError: null, userInfo: {} });
  });

  const honest = { email: 'somebody@example.com', email_verified: true };
  const seconds = (shift: number) => Math.floor(Date.now() / 1000) + shift;

  /** Begins a sign-in, and comes back as the issuer would send the browser, but for what `alter` does to the address. */
  async function signIn(claims: Record<string, unknown>, alter: (callback: URL) => void = () => {}) {
    const visitor = new Visitor();
    const begun = await visitor.open(`${server.url}/auth/oidc/oidc/start`);
    const authorization = new URL(begun.headers.get('location')!);
    const asked = Object.fromEntries(authorization.searchParams);
    issuer.claims = { nonce: asked['nonce'], ...claims };
    const callback = new URL(asked['redirect_uri']!);
    for (const [name, value] of Object.entries({ code: 'a-code', state: asked['state']!, iss: issuer.url })) {
      callback.searchParams.set(name, value);
    }
    alter(callback);
    const ended = await visitor.open(callback.href);
    expect(ended.status).toBe(303);
    return { visitor, callback, asked, place: ended.headers.get('location')!.replace(server.url, '') };
  }

  test('begins with a code, PKCE, state and nonce, and comes back to the public URL only', async () => {
    const { asked, place } = await signIn(honest);
    expect(asked).toEqual({
      client_id: 'agnes',
      response_type: 'code',
      scope: 'openid email profile',
      redirect_uri: `${server.url}/auth/oidc/oidc/callback`,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(place).toBe('/');
    const elsewhere = { Host: 'evil.example.com', 'X-Forwarded-Host': 'evil.example.com' };
    const begun = await sendExactly(`${server.url}/auth/oidc/oidc/start`, { method: 'GET', headers: elsewhere });
    const sentTo = new URL(String(begun.headers['location'])).searchParams;
    expect(sentTo.get('redirect_uri')).toBe(`${server.url}/auth/oidc/oidc/callback`);
  });

  test.each([
    ['another nonce', { nonce: 'of-another-sign-in' }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: 'https://id.example.com' }],
    ['another audience', { aud: 'somebody-else' }],
    ['a token that has ended', { iat: seconds(-7200), exp: seconds(-3600) }],
    ['a clock ten minutes behind', { iat: seconds(-900), exp: seconds(-600) }],
    ['a token that is not valid yet', { nbf: seconds(600) }],
  ])('refuses %s', async (_what, claims) => {
    const { place, visitor } = await signIn({ ...honest, ...claims });
    expect(place).toBe('/?signInError=provider-answer-invalid');
    expect(visitor.cookie('agnes')).toBeUndefined();
  });

  test.each([
    ['ahead', { iat: seconds(45), exp: seconds(345), nbf: seconds(45) }],
    ['behind', { iat: seconds(-345), exp: seconds(-45) }],
  ])('bears a clock that is %s by less than a minute', async (_what, claims) => {
    expect((await signIn({ ...honest, ...claims })).place).toBe('/');
  });

  test('refuses a token that is signed by a key which the issuer does not publish', async () => {
    issuer.strangersKey = true;
    expect((await signIn(honest)).place).toBe('/?signInError=provider-answer-invalid');
  });

  test('refuses an answer that names another issuer, or none although this one always does (RFC 9207)', async () => {
    for (const alter of [
      (url: URL) => url.searchParams.set('iss', 'https://id.example.com'),
      (url: URL) => url.searchParams.delete('iss'),
    ]) {
      expect((await signIn(honest, alter)).place).toBe('/?signInError=provider-answer-invalid');
    }
  });

  test('refuses userinfo of another subject', async () => {
    issuer.userInfo = { sub: 'somebody-else', groups: ['admins'] };
    expect((await signIn(honest)).place).toBe('/?signInError=provider-answer-invalid');
  });

  test('asks the issuer nothing when the state is not that of this browser: another link signs nobody in', async () => {
    const before = issuer.asked.filter((path) => path === '/token').length;
    const wrong = await signIn(honest, (url) => url.searchParams.set('state', 'another'));
    expect(wrong.place).toBe('/?signInError=expired');
    const { callback, asked } = await signIn(honest, (url) => url.searchParams.delete('state'));
    callback.searchParams.set('state', asked['state']!);
    const other = await new Visitor().open(callback.href);
    expect(other.headers.get('location')).toBe(`${server.url}/?signInError=expired`);
    expect(issuer.asked.filter((path) => path === '/token')).toHaveLength(before);
  });

  test('a sign-in that was begun more than ten minutes ago has ended, and one that has ended cannot be used again', async () => {
    const late = await signIn(honest, () => {
      time.shiftMilliseconds += 601_000;
    });
    expect(late.place).toBe('/?signInError=expired');
    const { visitor, callback, place } = await signIn(honest);
    expect(place).toBe('/');
    const again = await visitor.open(callback.href);
    expect(again.headers.get('location')).toBe(`${server.url}/?signInError=expired`);
  });

  test("tells a short code and never the provider's words", async () => {
    const words = 'error_description=<script>alert(1)</script>';
    const cancelled = await signIn(honest, (url) => {
      url.search = `?state=${url.searchParams.get('state')}&iss=${issuer.url}&error=access_denied&${words}`;
    });
    expect(cancelled.place).toBe('/?signInError=cancelled');
    const refused = await signIn(honest, (url) => {
      url.search = `?state=${url.searchParams.get('state')}&iss=${issuer.url}&error=server_error&${words}`;
    });
    expect(refused.place).toBe('/?signInError=provider-refused');
    issuer.tokenError = { status: 400, body: { error: 'invalid_client', error_description: 'words' } };
    expect((await signIn(honest)).place).toBe('/?signInError=provider-refused');
    issuer.tokenError = { status: 500, body: 'words' };
    expect((await signIn(honest)).place).toBe('/?signInError=provider-unavailable');
  });

  test('refuses somebody without an e-mail address, and a name that cannot be stored', async () => {
    expect((await signIn({ sub: 'nameless' })).place).toBe('/?signInError=email-missing');
    const broken = { ...honest, sub: 'broken', email: 'broken@example.com', name: 'a\u0000b' };
    expect((await signIn(broken)).place).toBe('/?signInError=provider-answer-invalid');
  });

  test('takes an address only with the word of the same answer on whether it is verified', async () => {
    issuer.userInfo = { email: 'admin@example.com', email_verified: false };
    const { place, visitor } = await signIn({ ...honest, sub: 'mixed', email: 'mixed@example.com' });
    expect(place).toBe('/');
    const session = visitor.cookie('agnes')!;
    const { data } = await ask(server, { as: { session }, query: '{ viewer { email } }' });
    expect(data.viewer.email).toBe('mixed@example.com');
    issuer.userInfo = { email: 'other@example.com' };
    expect((await signIn({ sub: 'unsure', email_verified: true })).place).toBe('/?signInError=email-not-verified');
  });

  test('slows down an address that comes back again and again with what is not valid', async () => {
    const visitor = new Visitor();
    const places = new Set<string | null>();
    for (let round = 0; round < 22; round += 1) {
      const { headers } = await visitor.open(`${server.url}/auth/oidc/oidc/callback?state=guessed`);
      places.add(headers.get('location'));
    }
    expect([...places]).toEqual([`${server.url}/?signInError=expired`, `${server.url}/?signInError=too-many-attempts`]);
  });

  test('answers GET only, and sends whoever asks for an unknown provider to the sign-in page', async () => {
    const posted = await fetch(`${server.url}/auth/oidc/oidc/start`, { method: 'POST' });
    expect(posted.status).toBe(405);
    const unknown = await new Visitor().open(`${server.url}/auth/oidc/nobody/start`);
    expect(unknown.headers.get('location')).toBe(`${server.url}/?signInError=unknown-provider`);
  });
});
