import { beforeAll, expect, test } from 'vitest';
import { removeEndedSessions } from '../../../src/identity/remove-ended-sessions.ts';
import {
  ask,
  connectSocket,
  credentialHeaders,
  startTestServer,
  type Shown,
  type TestPerson,
  type TestServer,
} from '../../kit/server.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';
import { personWithPassword, signIn } from './browser.ts';

const dayMilliseconds = 86_400_000;
const start = new Date('2026-03-01T12:00:00Z').getTime();
let now = start;

const environment = { TRUSTED_PROXIES: '127.0.0.1' };
const clock = { now: () => new Date(now) };

/** Audit rows of one instant stand in no order. */
function letPass(milliseconds = 1): void {
  now += milliseconds;
}

const whoAmI = '{ viewer { email } }';
const notFound = { code: 'NOT_FOUND', message: 'There is no live session with this id.' };

async function isSignedIn(server: TestServer, session: string): Promise<boolean> {
  return (await ask(server, { as: { session }, query: whoAmI })).data.viewer !== null;
}

/** A sign-in by password; resolves to the session's secret. */
async function newSession(server: TestServer, { email }: TestPerson, device?: string): Promise<string> {
  const { session } = await signIn(server, { email, device });
  if (session === null) throw new Error('The sign-in was refused.');
  return session;
}

async function sessionsOf(server: TestServer, session: string): Promise<Record<string, unknown>[]> {
  const query = '{ viewer { sessions { id device lastUsedAt current } } }';
  return (await ask(server, { as: { session }, query })).data.viewer.sessions;
}

/** What a mutation without input answers, and the cookie it sets. */
async function signOut(server: TestServer, as: Shown): Promise<{ result: unknown; cookie: string | null }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...credentialHeaders(server.url, as) },
    body: JSON.stringify({
      query: 'mutation { signOut { ... on SignOutPayload { email } ... on Error { code message } } }',
    }),
  });
  const { data } = (await response.json()) as { data: { signOut: unknown } };
  return { result: data.signOut, cookie: response.headers.get('set-cookie') };
}

describeServersOnBoth(
  (server) => {
    let person: TestPerson;
    let admin: TestPerson;

    beforeAll(async () => {
      now = start;
      person = await personWithPassword(server(), { name: 'person' });
      admin = await server().person('admin', ['core.admin']);
    });

    test('signing out ends this session, takes the cookie away, and ends its open sockets at once', async () => {
      const [session, other] = [await newSession(server(), person), await newSession(server(), person)];
      const client = connectSocket(server(), { session });
      try {
        const listener = listen(client, 'subscription { syncEvents { id } }');
        await askSocket(client, '{ __typename }');
        letPass();
        const { result, cookie } = await signOut(server(), { session });
        expect(result).toEqual({ email: person.email });
        expect(cookie).toBe('agnes=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax');
        expect(await listener.ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      } finally {
        await client.dispose();
      }
      expect([await isSignedIn(server(), session), await isSignedIn(server(), other)]).toEqual([false, true]);
      expect(await newestEvent(server())).toMatchObject({
        actor: person.email,
        action: 'session.ended',
        details: { userId: person.id },
      });
    });

    test('a token has no session to sign out of, and is told what ends a token', async () => {
      const before = await eventCount(server());
      const { result, cookie } = await signOut(server(), { token: person.token });
      expect(result).toEqual({
        code: 'CONFLICT',
        message: 'You use a token, which has no session to end; `revokeToken` ends the token.',
      });
      expect([cookie, await eventCount(server())]).toEqual([null, before]);
    });

    test('a form of the app signs out by `POST /auth/sign-out`; another origin cannot, nor can a link', async () => {
      const session = await newSession(server(), person);
      const post = (headers: Record<string, string>, method = 'POST') =>
        fetch(`${server().url}/auth/sign-out`, { method, redirect: 'manual', headers });
      const Cookie = `agnes=${session}`;
      expect((await post({ Cookie, Origin: 'https://evil.example.com' })).status).toBe(401);
      expect((await post({ Cookie })).status).toBe(401);
      expect((await post({ Cookie, Origin: server().url }, 'GET')).status).toBe(405);
      expect(await isSignedIn(server(), session)).toBe(true);
      for (const turn of ['live', 'ended']) {
        const answer = await post({ Cookie, Origin: server().url });
        expect([turn, answer.status, answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual([
          turn,
          303,
          '/',
          'agnes=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
        ]);
        expect(await isSignedIn(server(), session)).toBe(false);
      }
    });

    test('one ends a session of one’s own; somebody else’s does not exist, unless one administers', async () => {
      const session = await newSession(server(), person, 'Laptop');
      const other = await newSession(server(), person, 'Phone');
      const listed = await sessionsOf(server(), session);
      expect(listed.find(({ device }) => device === 'Laptop')!['current']).toBe(true);
      const phone = listed.find(({ device }) => device === 'Phone')!;
      expect(phone['current']).toBe(false);
      const stranger = await server().person('stranger', ['core.km_admin']);
      const end = (as: Shown) =>
        mutate(server(), as, { field: 'endSession', input: { id: phone['id'] }, payload: 'id' });
      expect(await end(stranger)).toMatchObject(notFound);
      expect(await isSignedIn(server(), other)).toBe(true);
      expect(await end({ session })).toEqual({ __typename: 'EndSessionPayload', id: phone['id'] });
      expect([await isSignedIn(server(), other), await isSignedIn(server(), session)]).toEqual([false, true]);
      expect(await end({ session })).toMatchObject(notFound);

      const query = `{ user(id: "User:${person.id}") { sessions { id device current } } }`;
      const { user } = (await ask(server(), { as: admin, query })).data;
      const seen = user.sessions.find(({ device }: { device: string }) => device === 'Laptop');
      expect(seen.current).toBe(false);
      const input = { id: seen.id };
      letPass();
      expect(await mutate(server(), admin, { field: 'endSession', input })).toMatchObject({
        __typename: 'EndSessionPayload',
      });
      expect(await isSignedIn(server(), session)).toBe(false);
      expect(await newestEvent(server())).toMatchObject({ actor: admin.email, details: { userId: person.id } });
    });

    test('signing out everywhere ends all sessions of one’s own and no others, or keeps this one', async () => {
      const ada = await personWithPassword(server(), { name: 'ada' });
      const [kept, ended] = [await newSession(server(), ada), await newSession(server(), ada)];
      const everywhere = (keepThisOne: boolean) =>
        mutate(
          server(),
          { session: kept },
          { field: 'signOutEverywhere', input: { keepThisOne }, payload: 'sessionsEnded' },
        );
      expect(await everywhere(true)).toMatchObject({ sessionsEnded: 2 });
      expect([await isSignedIn(server(), kept), await isSignedIn(server(), ended)]).toEqual([true, false]);
      expect(await everywhere(false)).toMatchObject({ sessionsEnded: 1 });
      expect(await isSignedIn(server(), kept)).toBe(false);
      expect(await isSignedIn(server(), admin.session)).toBe(true);
      expect((await ask(server(), { as: { token: ada.token }, query: whoAmI })).data.viewer).not.toBeNull();
    });

    test('an administrator signs a user out everywhere, and who has just ceased to be one does not', async () => {
      const ada = await server().person('signed-out', ['core.viewer']);
      const former = await server().person('former', ['core.km_admin']);
      const input = { userId: `User:${ada.id}` };
      const given = { field: 'endSessionsOf', input, payload: 'sessionsEnded' };
      await expect(mutate(server(), former, given)).rejects.toThrow(/core\.admin/);
      expect(await isSignedIn(server(), ada.session)).toBe(true);
      letPass();
      expect(await mutate(server(), admin, given)).toMatchObject({ sessionsEnded: 1 });
      expect(await isSignedIn(server(), ada.session)).toBe(false);
      expect(await newestEvent(server())).toMatchObject({
        action: 'user.signedOutEverywhere',
        resource: `user:${ada.id}`,
        details: { sessions: 1 },
      });
    });

    test('a session ends after 14 days without use and after 90 days in any case, at the instant, and is cleared away', async () => {
      const ada = await personWithPassword(server(), { name: 'limits' });
      const begun = now;
      const [used, idle] = [await newSession(server(), ada), await newSession(server(), ada)];
      const { db } = server().open.services.store;
      const storedIds = () => db.selectFrom('sessions').select('id').where('user_id', '=', ada.id).execute();
      now = begun + 14 * dayMilliseconds - 1;
      expect(await isSignedIn(server(), used)).toBe(true);
      now = begun + 14 * dayMilliseconds;
      expect([await isSignedIn(server(), idle), await isSignedIn(server(), used)]).toEqual([false, true]);
      expect(await sessionsOf(server(), used)).toHaveLength(1);
      expect(await storedIds()).toHaveLength(3);
      await removeEndedSessions(server().open.services);
      expect(await storedIds()).toHaveLength(1);
      for (let day = 20; day < 90; day += 10) {
        now = begun + day * dayMilliseconds;
        expect(await isSignedIn(server(), used)).toBe(true);
      }
      now = begun + 90 * dayMilliseconds - 1;
      expect(await isSignedIn(server(), used)).toBe(true);
      now += 1;
      expect(await isSignedIn(server(), used)).toBe(false);
    });
  },
  { environment, clock },
);

test('a restart keeps sessions and when they were last used, so that the idle limit runs on', async () => {
  now = start;
  let server = await startTestServer({ clock });
  try {
    const person = await server.person('person', ['core.viewer']);
    now += 10 * dayMilliseconds;
    expect(await isSignedIn(server, person.session)).toBe(true);
    server = await server.restart();
    now += 10 * dayMilliseconds;
    const [session] = await sessionsOf(server, person.session);
    expect(session).toMatchObject({ lastUsedAt: new Date(now).toISOString(), current: true });
    now += 14 * dayMilliseconds;
    server = await server.restart();
    expect(await isSignedIn(server, person.session)).toBe(false);
  } finally {
    await server.close();
  }
});
