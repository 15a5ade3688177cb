import { beforeAll, beforeEach, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { hashComputations } from '../../../src/identity/password.ts';
import { ask, connectSocket, type TestPerson } from '../../kit/server.ts';
import { ask as askSocket } from '../../server/socket-client.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';
import { password, personWithPassword, signIn } from './browser.ts';
import { times } from '../../kit/times.ts';

const refusal = {
  __typename: 'SignInRefusedError',
  code: 'SIGN_IN_REFUSED',
  message: 'The e-mail address or the password is wrong.',
};

/** Both are of `password`: as the predecessor made them (64 MiB, 3 passes, 4 lanes), and weaker than ours. */
const predecessorsHash =
  '$argon2id$v=19$m=65536,t=3,p=4$zkE8LWNqS7a2ofQyyvG50A$qSAY9XQ7L9LGY7zF9KUQyRS+qP5gdLAWDhsXnUfiYXw';
const weakHash = '$argon2id$v=19$m=4096,t=1,p=1$oZBpv0JWKcPs9mN0q5WOJQ$Ikqx6MtsxETHVHklPdEbIgoVBlrsCWHhLL+PmvSGFsw';

const start = new Date('2026-03-01T12:00:00Z');
let now = start;
const environment = { TRUSTED_PROXIES: '127.0.0.0/8, ::1' };

function letPass(milliseconds: number): void {
  now = new Date(now.getTime() + milliseconds);
}

describeServersOnBoth(
  (server) => {
    // Audit rows of one instant stand in no order.
    beforeEach(() => letPass(1));

    beforeAll(() => {
      now = start;
    });

    async function refusals() {
      const { store, auditBatch } = server().open.services;
      await auditBatch.flush(store);
      return listAuditEvents(store, { limit: 100, action: 'session.refused' });
    }

    async function storedHash(person: TestPerson): Promise<string | null> {
      const { db } = server().open.services.store;
      const row = await db
        .selectFrom('users')
        .select('password_hash')
        .where('id', '=', person.id)
        .executeTakeFirstOrThrow();
      return row.password_hash;
    }

    test('the right password opens a session that knows its door, device and address, in a cookie of 90 days', async () => {
      const ada = await personWithPassword(server(), { name: 'ada' });
      const { result, session, cookie } = await signIn(server(), { email: ` ${ada.email.toUpperCase()} ` });
      expect(result).toEqual({
        __typename: 'SignInPayload',
        email: ada.email,
        expiresAt: '2026-05-30T12:00:00.001Z',
      });
      expect(cookie).toMatch(/^agnes=[\w-]{43}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/);
      const query = `{ viewer { email credential { kind }
        sessions { door device address createdAt lastUsedAt expiresAt current } } }`;
      const { viewer } = (await ask(server(), { as: { session: session! }, query })).data;
      expect(viewer.sessions).toHaveLength(2);
      expect(viewer).toMatchObject({ email: ada.email, credential: { kind: 'SESSION' } });
      expect(viewer.sessions).toContainEqual({
        door: 'PASSWORD',
        device: 'Browser',
        address: '192.0.2.1',
        createdAt: now.toISOString(),
        lastUsedAt: now.toISOString(),
        expiresAt: '2026-05-30T12:00:00.001Z',
        current: true,
      });
      expect(await newestEvent(server())).toMatchObject({
        actor: ada.email,
        action: 'session.opened',
        details: { door: 'password', address: '192.0.2.1' },
      });
      const rows = await server().open.services.store.db.selectFrom('sessions').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(session);
    });

    test('unknown, inactive and password-less accounts and wrong passwords look alike, to the number of hashes', async () => {
      const active = await personWithPassword(server(), { name: 'active' });
      const inactive = await personWithPassword(server(), { name: 'inactive' });
      await server().deactivate(inactive);
      const without = await server().person('without', []);
      const tries = [
        { email: active.email, password: 'wrong' },
        { email: inactive.email },
        { email: inactive.email, password: 'wrong' },
        { email: without.email },
        { email: 'nobody-knows-me@example.com' },
        { email: 'no address at all', password: '' },
      ];
      for (const [place, given] of tries.entries()) {
        const before = hashComputations();
        letPass(1);
        const { result, cookie } = await signIn(server(), { ...given, from: '192.0.2.2' });
        expect([result, cookie, hashComputations() - before]).toEqual([refusal, null, 1]);
        // Durable before the answer, so that no kill behind it loses the row.
        const { store } = server().open.services;
        expect(await listAuditEvents(store, { limit: 100, action: 'session.refused' })).toHaveLength(place + 1);
      }
      const told = (await refusals()).toReversed();
      expect(told.map(({ resource, details }) => [resource, (details as { reason: string }).reason])).toEqual([
        [`user:${active.id}`, 'wrong password'],
        [`user:${inactive.id}`, 'inactive account'],
        [`user:${inactive.id}`, 'inactive account'],
        [`user:${without.id}`, 'account without password'],
        ['door:password', 'unknown account'],
        ['door:password', 'unknown account'],
      ]);
      expect(told[0]).toMatchObject({ actor: 'nobody', details: { email: active.email, address: '192.0.2.2' } });
      expect(JSON.stringify(told)).not.toMatch(/nobody-knows-me|no address|correct horse/);
    });

    test('a password of the predecessor is good as it is; a weaker hash is made anew and is good afterwards', async () => {
      const old = await personWithPassword(server(), { name: 'old', passwordHash: predecessorsHash });
      const weak = await personWithPassword(server(), { name: 'weak', passwordHash: weakHash });
      for (const { email } of [old, weak, old, weak]) {
        expect((await signIn(server(), { email })).result.__typename).toBe('SignInPayload');
      }
      expect(await storedHash(old)).toBe(predecessorsHash);
      expect(await storedHash(weak)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      const unreadable = await personWithPassword(server(), { name: 'unreadable', passwordHash: 'not a hash' });
      expect((await signIn(server(), { email: unreadable.email })).result).toEqual(refusal);
    });

    test('a sign-in never goes on with the session that was presented, and ends it, whoever it belongs to', async () => {
      const victim = await personWithPassword(server(), { name: 'victim' });
      const attacker = await server().person('attacker', ['core.viewer']);
      const { session } = await signIn(server(), { email: victim.email, presented: { session: attacker.session } });
      expect(session).not.toBe(attacker.session);
      const query = '{ viewer { email sessions { id } } }';
      expect((await ask(server(), { as: { session: attacker.session }, query })).data.viewer).toBeNull();
      const again = await signIn(server(), { email: victim.email, presented: { session: session! } });
      const { viewer } = (await ask(server(), { as: { session: again.session! }, query })).data;
      expect([viewer.email, viewer.sessions.length]).toEqual([victim.email, 2]);
      expect((await ask(server(), { as: { session: session! }, query })).data.viewer).toBeNull();
      const made = await signIn(server(), { email: victim.email, presented: { session: 'chosen-by-somebody-else' } });
      expect(made.session).toMatch(/^[\w-]{43}$/);
    });

    const tries = times(200, 1000);
    test(`${tries} wrong tries from one address are stopped there, and keep the owner out nowhere else`, async () => {
      const owner = await personWithPassword(server(), { name: 'owner' });
      const before = hashComputations();
      const audited = (await refusals()).length;
      const codes: string[] = [];
      for (let batch = 0; batch < tries / 50; batch += 1) {
        const answers = await Promise.all(
          Array.from({ length: 50 }, () =>
            signIn(server(), { email: owner.email, password: 'guess', from: '198.51.100.7' }),
          ),
        );
        codes.push(...answers.map(({ result }) => result.code as string));
      }
      expect(codes.filter((code) => code === 'SIGN_IN_REFUSED')).toHaveLength(6);
      expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(tries - 6);
      expect(hashComputations() - before).toBe(6);
      expect(await refusals()).toHaveLength(audited + 7);
      const guessed = await signIn(server(), { email: owner.email, from: '198.51.100.7' });
      expect(guessed.result).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: 1 });
      expect(guessed.session).toBeNull();
      const elsewhere = await signIn(server(), { email: owner.email, from: '198.51.100.8' });
      expect(elsewhere.result.__typename).toBe('SignInPayload');
      letPass(1000);
      const later = await signIn(server(), { email: owner.email, from: '198.51.100.7' });
      expect(later.result.__typename).toBe('SignInPayload');
    });

    test('a socket cannot sign in: it has no cookie to set, and opens no session', async () => {
      const person = await personWithPassword(server(), { name: 'socket' });
      const client = connectSocket(server(), person);
      try {
        const { data } = await askSocket(
          client,
          `mutation { signIn(input: { email: "${person.email}", password: "${password}" }) { ... on Error { code } } }`,
        );
        expect(data).toEqual({ signIn: { code: 'INVALID_INPUT' } });
      } finally {
        await client.dispose();
      }
    });

    test('a changed password counts at once, and ends the other sessions, but no token', async () => {
      const person = await personWithPassword(server(), { name: 'changing' });
      const { session } = await signIn(server(), { email: person.email });
      const change = (currentPassword: string, newPassword: string) =>
        mutate(
          server(),
          { session: session! },
          { field: 'changePassword', input: { currentPassword, newPassword }, payload: 'sessionsEnded' },
        );
      expect(await change('wrong', 'a new password')).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'currentPassword', message: 'This is not your current password.' }],
      });
      const { store } = server().open.services;
      const refused = await listAuditEvents(store, { limit: 9, action: 'password.changeRefused' });
      expect(refused).toMatchObject([
        {
          actor: person.email,
          credential: 'session',
          resource: `user:${person.id}`,
          details: { reason: 'wrong password', address: '127.0.0.1' },
        },
      ]);
      expect(await change(password, 'short')).toMatchObject({
        fields: [{ path: 'newPassword', message: 'A password has at least 12 characters.' }],
      });
      letPass(1);
      expect(await change(password, 'a new password')).toMatchObject({ sessionsEnded: 1 });
      expect(await newestEvent(server())).toMatchObject({ action: 'user.passwordChanged', details: { sessions: 1 } });
      const query = '{ viewer { email } }';
      expect((await ask(server(), { as: { session: person.session }, query })).data.viewer).toBeNull();
      expect((await ask(server(), { as: { session: session! }, query })).data.viewer.email).toBe(person.email);
      expect((await ask(server(), { as: { token: person.token }, query })).data.viewer.email).toBe(person.email);
      expect((await signIn(server(), { email: person.email })).result).toEqual(refusal);
      const { result } = await signIn(server(), { email: person.email, password: 'a new password' });
      expect(result.__typename).toBe('SignInPayload');
      const without = await server().person('no-password', []);
      const input = { currentPassword: '', newPassword: 'a new password' };
      expect(await mutate(server(), { session: without.session }, { field: 'changePassword', input })).toMatchObject({
        code: 'CONFLICT',
      });
    });

    test('who sits at somebody’s open session and guesses the password has to wait', async () => {
      const person = await personWithPassword(server(), { name: 'left-open' });
      const input = { currentPassword: 'a guess', newPassword: 'a new password' };
      const change = (given = input) =>
        mutate(server(), { session: person.session }, { field: 'changePassword', input: given });
      const codes = [];
      for (let guess = 0; guess < 8; guess += 1) codes.push((await change()).code);
      expect(codes.filter((code) => code === 'INVALID_INPUT')).toHaveLength(6);
      expect(codes.slice(6)).toEqual(['TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
      expect(await change({ ...input, currentPassword: password })).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
      const rows = await listAuditEvents(server().open.services.store, { limit: 99, action: 'password.changeRefused' });
      const reasons = rows.filter(({ actor }) => actor === person.email).map(({ details }) => details);
      expect(reasons).toHaveLength(7);
      expect(reasons).toContainEqual({ reason: 'too many attempts', address: '127.0.0.1' });
    });

    test('the page can ask before sign-in which doors there are', async () => {
      const query = '{ instance { signInDoors { kind label url } } }';
      expect((await ask(server(), { as: null, query })).data.instance.signInDoors).toEqual([
        { kind: 'PASSWORD', label: 'Password', url: null },
      ]);
    });
  },
  { environment, clock: { now: () => now } },
);
