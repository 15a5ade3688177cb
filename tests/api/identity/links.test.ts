import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { mostMailsAnHour } from '../../../src/identity/mail-limit.ts';
import { mostOpenLinks } from '../../../src/identity/mailed-link.ts';
import { sha256 } from '../../../src/kernel/ids.ts';
import { updateUser } from '../../../src/people/update-user.ts';
import { sendExactly } from '../../kit/exact-request.ts';
import { linkIn, secretOf, startMailServer } from '../../kit/mail-server.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const password = 'correct horse battery staple';
const minute = 60_000;
const day = 24 * 60 * minute;

const mail = await startMailServer();
let now = new Date('2026-03-01T12:00:00Z');

afterAll(() => mail.close());

interface Presented {
  // oxlint-disable-next-line typescript/no-explicit-any
  result: any;
  session: string | null;
}

/** Presents a link as a browser does, without a credential; the session is what the cookie carries. */
async function present(server: TestServer, field: string, input: Record<string, unknown>): Promise<Presented> {
  const name = `${field[0]!.toUpperCase()}${field.slice(1)}`;
  const query = `mutation ($input: ${name}Input!) { ${field}(input: $input) {
    __typename ... on ${name}Payload { email } ... on Error { code message }
  } }`;
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'Test Browser' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data } = (await response.json()) as { data: Record<string, unknown> };
  const session = /^agnes=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? null;
  return { result: data[field], session };
}

const doors = { acceptInvite: { password }, resetPassword: { password }, signInByLink: {} };

describeServersOnBoth(
  (server) => {
    let admin: TestPerson;
    let people = 0;

    beforeAll(async () => {
      admin = await server().person('admin', ['core.admin']);
    });

    /** Somebody new, an hour after everything before: nobody has to wait, and no mailbox is full. */
    async function newPerson(): Promise<TestPerson> {
      now = new Date(now.getTime() + 61 * minute);
      people += 1;
      return server().person(`person${people}-${mail.port}-${now.getTime()}`, ['core.viewer']);
    }

    async function adminLink(field: 'inviteUser' | 'sendPasswordReset', person: { id: string }): Promise<string> {
      const place = field === 'inviteUser' ? 'invitation' : 'reset';
      const payload = `${place} { link mailSent expiresAt }`;
      const result = await mutate(server(), admin, { field, input: { userId: `User:${person.id}` }, payload });
      expect(result[place]).toMatchObject({ mailSent: true });
      return result[place].link as string;
    }

    /** The newest audit row of this action; the clock of these tests stands still between two of different actions. */
    async function newest(action: string) {
      const [event] = await listAuditEvents(server().open.services.store, { limit: 1, action });
      return event;
    }

    /** A link that is good, of the purpose that this door takes. */
    async function linkFor(door: keyof typeof doors, person: TestPerson): Promise<string> {
      if (door === 'acceptInvite') return adminLink('inviteUser', person);
      if (door === 'resetPassword') return adminLink('sendPasswordReset', person);
      await present(server(), 'requestSignInLink', { email: person.email });
      const mails = await mail.mailsTo(person.email);
      return linkIn(mails.at(-1)!);
    }

    function open(door: keyof typeof doors, link: string, input: Record<string, unknown> = doors[door]) {
      return present(server(), door, { secret: secretOf(link), ...input });
    }

    async function viewer(session: string | null): Promise<unknown> {
      const { data } = await ask(server(), { as: { session: session! }, query: '{ viewer { email name } }' });
      return data.viewer;
    }

    async function signInByPassword(email: string, given = password) {
      return (await present(server(), 'signIn', { email, password: given })).result;
    }

    const notValid = { result: { code: 'LINK_NOT_VALID' }, session: null };

    test('who is invited gets a mail, chooses a password and a name, and is signed in', async () => {
      now = new Date(now.getTime() + 61 * minute);
      const input = { email: `invited-${now.getTime()}@example.com`, name: 'Grace', sendInvite: true };
      const payload = 'user { id email } invitation { link mailSent expiresAt }';
      const made = await mutate(server(), admin, { field: 'createUser', input, payload });
      expect(made).toEqual({
        __typename: 'CreateUserPayload',
        user: { id: expect.any(String), email: input.email },
        invitation: {
          link: expect.stringMatching(/\/invite#[\w-]{43}$/),
          mailSent: true,
          expiresAt: new Date(now.getTime() + 7 * day).toISOString(),
        },
      });
      const [arrived] = await mail.mailsTo(input.email);
      expect(linkIn(arrived!)).toBe(made.invitation.link);
      expect(made.invitation.link.startsWith(`${server().url}/`)).toBe(true);
      // One mutation, one row.
      expect(await newest('user.created')).toMatchObject({
        actor: admin.email,
        details: { email: input.email, invitedUntil: made.invitation.expiresAt },
      });
      expect(await newest('user.invited')).toBeUndefined();
      const { result, session } = await open('acceptInvite', made.invitation.link, { password, name: 'Grace H.' });
      expect(result).toEqual({ __typename: 'AcceptInvitePayload', email: input.email });
      expect(await viewer(session)).toEqual({ email: input.email, name: 'Grace H.' });
      expect(await newest('session.opened')).toMatchObject({
        actor: input.email,
        details: { door: 'invite' },
      });
      expect(await signInByPassword(input.email)).toMatchObject({ __typename: 'SignInPayload' });
      const again = { userId: made.user.id as string };
      expect(await mutate(server(), admin, { field: 'inviteUser', input: again })).toMatchObject({ code: 'CONFLICT' });
    });

    test('a reset asked for by its owner sets the password, ends every session and signs in', async () => {
      const person = await newPerson();
      const { result } = await present(server(), 'requestPasswordReset', { email: person.email.toUpperCase() });
      expect(result).toEqual({ __typename: 'RequestPasswordResetPayload', email: person.email.toUpperCase() });
      const [arrived] = await mail.mailsTo(person.email);
      const opened = await open('resetPassword', linkIn(arrived!));
      expect(await newest('password.reset')).toMatchObject({
        actor: person.email,
        details: { email: person.email, sessions: 1 },
      });
      expect(await viewer(person.session)).toBeNull();
      expect(await viewer(opened.session)).toMatchObject({ email: person.email });
      expect(await signInByPassword(person.email)).toMatchObject({ __typename: 'SignInPayload' });
    });

    test('a sign-in link signs in for 15 minutes', async () => {
      const person = await newPerson();
      const link = await linkFor('signInByLink', person);
      expect(await viewer((await open('signInByLink', link)).session)).toMatchObject({ email: person.email });
      expect(await newest('session.opened')).toMatchObject({ actor: person.email, details: { door: 'emailLink' } });
      const { data } = await ask(server(), { as: null, query: '{ instance { signInDoors { kind url } } }' });
      expect(data.instance.signInDoors).toContainEqual({ kind: 'EMAIL_LINK', url: '/sign-in-link' });
    });

    describe.each(Object.keys(doors) as (keyof typeof doors)[])('a link for %s', (door) => {
      test('works once, also for two at the same instant', async () => {
        const link = await linkFor(door, await newPerson());
        const both = await Promise.all([open(door, link), open(door, link)]);
        expect(both.filter(({ session }) => session !== null)).toHaveLength(1);
        const { store, auditBatch } = server().open.services;
        await auditBatch.flush(store);
        const refusals = () => listAuditEvents(store, { limit: 1_000, action: 'session.refused' });
        const before = await refusals();
        now = new Date(now.getTime() + 1);
        expect(await open(door, link)).toMatchObject(notValid);
        // Durable before the answer, so that no kill behind it loses the row.
        const [refused, ...others] = await refusals();
        expect(others).toHaveLength(before.length);
        expect(refused!.details).toMatchObject({ reason: 'link not valid' });
      });

      test('works at no other door: a reset link once signed in, and a sign-in link reset passwords', async () => {
        const link = await linkFor(door, await newPerson());
        for (const other of (Object.keys(doors) as (keyof typeof doors)[]).filter((name) => name !== door)) {
          expect(await open(other, link)).toMatchObject(notValid);
        }
        const setup = { secret: secretOf(link), email: 'eve@example.com', password };
        expect((await present(server(), 'completeSetup', setup)).result).toMatchObject({ code: 'SETUP_CLOSED' });
        expect((await open(door, link)).session).not.toBeNull();
      });

      test('ends in its time, to the millisecond', async () => {
        const lifetime = { acceptInvite: 7 * day, resetPassword: day, signInByLink: 15 * minute }[door];
        const [first, second] = [await newPerson(), await newPerson()];
        const [early, late] = [await linkFor(door, first), await linkFor(door, second)];
        const start = now;
        now = new Date(start.getTime() + lifetime - 1);
        expect((await open(door, early)).session).not.toBeNull();
        now = new Date(start.getTime() + lifetime);
        expect(await open(door, late)).toMatchObject(notValid);
      });

      test('is stored as a hash and stands in no audit row', async () => {
        const link = await linkFor(door, await newPerson());
        const { store } = server().open.services;
        const rows = await store.db.selectFrom('one_time_secrets').selectAll().execute();
        expect(rows.map((row) => row.secret_hash)).toContain(sha256(secretOf(link)));
        await open(door, link);
        const audit = await listAuditEvents(store, { limit: 1_000 });
        expect(JSON.stringify([rows, audit])).not.toContain(secretOf(link));
        expect(JSON.stringify(audit)).not.toContain(password);
      });

      test('ends with the user: deactivated, deleted, under another address, or with a new password', async () => {
        const id = (person: TestPerson) => ({ id: `User:${person.id}` });
        const endings: ((person: TestPerson) => Promise<unknown>)[] = [
          (person) => mutate(server(), admin, { field: 'deactivateUser', input: id(person) }),
          async (person) => {
            await mutate(server(), admin, { field: 'deactivateUser', input: id(person) });
            await mutate(server(), admin, { field: 'activateUser', input: id(person) });
          },
          (person) => mutate(server(), admin, { field: 'deleteUser', input: id(person) }),
          (person) => server().run(updateUser, { id: person.id, email: `moved-${person.email}` }),
          async (person) => open('resetPassword', await adminLink('sendPasswordReset', person)),
        ];
        for (const end of endings) {
          const person = await newPerson();
          const link = await linkFor(door, person);
          await end(person);
          expect(await open(door, link)).toMatchObject(notValid);
        }
      });
    });

    test('strangers who ask again cancel no link that is open, and fill neither mailbox nor table', async () => {
      const person = await newPerson();
      const first = await adminLink('sendPasswordReset', person);
      const { db } = server().open.services.store;
      const query = `mutation ($input: RequestPasswordResetInput!) {
        requestPasswordReset(input: $input) { __typename ... on Error { code } }
      }`;
      for (let asked = 0; asked < 4 * mostOpenLinks; asked += 1) {
        now = new Date(now.getTime() + 30 * minute);
        const variables = { input: { email: person.email } };
        const { data } = await ask(server(), { as: null, query, variables });
        expect(data.requestPasswordReset).toEqual({ __typename: 'RequestPasswordResetPayload' });
      }
      const outstanding = await db
        .selectFrom('one_time_secrets')
        .selectAll()
        .where('user_id', '=', person.id)
        .execute();
      expect(outstanding).toHaveLength(mostOpenLinks);
      expect(await mail.mailsTo(person.email, mostOpenLinks)).toHaveLength(mostOpenLinks);
      expect((await open('resetPassword', first)).session).not.toBeNull();
    });

    test('one address gets so many mails an hour, by whatever door', async () => {
      const person = await newPerson();
      const sent: boolean[] = [];
      for (let asked = 0; asked <= mostMailsAnHour; asked += 1) {
        const field = asked % 2 === 0 ? 'inviteUser' : 'sendPasswordReset';
        const place = asked % 2 === 0 ? 'invitation' : 'reset';
        const input = { userId: `User:${person.id}` };
        const result = await mutate(server(), admin, { field, input, payload: `${place} { link mailSent }` });
        sent.push(result[place].mailSent as boolean);
      }
      expect(sent).toEqual([...Array.from({ length: mostMailsAnHour }, () => true), false]);
      await present(server(), 'requestSignInLink', { email: person.email });
      expect(await newest('signInLink.requested')).toMatchObject({
        details: { email: person.email, linkMade: false },
      });
    });

    test.each(['requestPasswordReset', 'requestSignInLink'])(
      '%s answers and writes alike for known, unknown and inactive addresses; only the known one gets a mail',
      async (field) => {
        const [known, inactive] = [await newPerson(), await newPerson()];
        await server().deactivate(inactive);
        const { db } = server().open.services.store;
        const answers = [];
        for (const email of [known.email, inactive.email, 'unknown@example.com']) {
          const count = await eventCount(server());
          const { result } = await present(server(), field, { email });
          const rows = await db.selectFrom('one_time_secrets').selectAll().where('expires_at', '<=', now).execute();
          answers.push([{ ...result, email: 'the same' }, (await eventCount(server())) - count, rows.length]);
        }
        const same = { __typename: `${field[0]!.toUpperCase()}${field.slice(1)}Payload`, email: 'the same' };
        expect(answers).toEqual([
          [same, 1, 0],
          [same, 1, 1],
          [same, 1, 1],
        ]);
        expect(JSON.stringify(await listAuditEvents(server().open.services.store, { limit: 1_000 }))).not.toContain(
          'unknown@example.com',
        );
        await mail.mailsTo(known.email);
        expect(mail.mails.flatMap(({ to }) => to)).not.toContain(inactive.email);
        expect(mail.mails.flatMap(({ to }) => to)).not.toContain('unknown@example.com');
      },
    );

    test('who guesses links, or asks for mails without end, has to wait', async () => {
      await newPerson();
      const codes = [];
      for (let guess = 0; guess < 25; guess += 1) codes.push((await open('resetPassword', '#wrong')).result.code);
      expect(new Set(codes)).toEqual(new Set(['LINK_NOT_VALID', 'TOO_MANY_ATTEMPTS']));
      const asked = [];
      for (let round = 0; round < 8; round += 1) {
        asked.push((await present(server(), 'requestSignInLink', { email: 'nobody-here@example.com' })).result.code);
      }
      expect(asked.at(0)).toBeUndefined();
      expect(asked.at(-1)).toBe('TOO_MANY_ATTEMPTS');
    });

    test('links lead to our own address, whatever the request says', async () => {
      const person = await newPerson();
      const query = `mutation { requestSignInLink(input: { email: "${person.email}" }) { __typename } }`;
      const elsewhere = { Host: 'evil.example.com', 'X-Forwarded-Host': 'evil.example.com' };
      await sendExactly(`${server().url}/graphql`, {
        headers: { 'Content-Type': 'application/json', ...elsewhere },
        body: JSON.stringify({ query }),
      });
      const [arrived] = await mail.mailsTo(person.email);
      expect(linkIn(arrived!)).toMatch(new RegExp(`^${server().url}/sign-in-link#`));
    });

    test('an inactive or unknown user gets no link from an administrator either', async () => {
      const person = await newPerson();
      await server().deactivate(person);
      for (const field of ['inviteUser', 'sendPasswordReset']) {
        const inactive = { userId: `User:${person.id}` };
        expect(await mutate(server(), admin, { field, input: inactive })).toMatchObject({ code: 'CONFLICT' });
        const unknown = { userId: 'User:nothing' };
        expect(await mutate(server(), admin, { field, input: unknown })).toMatchObject({ code: 'NOT_FOUND' });
      }
    });
  },
  { clock: { now: () => now }, environment: mail.environment },
);

describe('without a mail server that works', () => {
  async function withServer(
    environment: Record<string, string>,
    use: (server: TestServer, admin: TestPerson) => Promise<void>,
  ): Promise<void> {
    const server = await startTestServer({ environment });
    try {
      await use(server, await server.person('admin', ['core.admin']));
    } finally {
      await server.close();
    }
  }

  test('none: links are told to the administrator, the door of mail is closed and says so', async () => {
    await withServer({}, async (server, admin) => {
      const input = { email: 'new@example.com', sendInvite: true };
      const payload = 'invitation { link mailSent }';
      const { invitation } = await mutate(server, admin, { field: 'createUser', input, payload });
      expect(invitation).toEqual({ link: expect.stringContaining('/invite#'), mailSent: false });
      const secret = secretOf(invitation.link as string);
      expect((await present(server, 'acceptInvite', { secret, password })).session).not.toBeNull();
      const { data } = await ask(server, { as: null, query: '{ instance { signInDoors { kind } } }' });
      expect(data.instance.signInDoors).not.toContainEqual({ kind: 'EMAIL_LINK' });
      for (const field of ['requestSignInLink', 'requestPasswordReset']) {
        const { result } = await present(server, field, { email: admin.email });
        expect(result).toMatchObject({ __typename: 'MailNotConfiguredError', code: 'MAIL_NOT_CONFIGURED' });
      }
      const { result } = await present(server, 'signInByLink', { secret: 'x' });
      expect(result).toMatchObject({ code: 'MAIL_NOT_CONFIGURED' });
    });
  });

  test('one that refuses: administrators are told that no mail went, strangers nothing', async () => {
    const refusing = await startMailServer({
      onRcptTo: (_address, _session, done) => done(new Error('mailbox full')),
    });
    try {
      await withServer(refusing.environment, async (server, admin) => {
        const input = { email: 'new@example.com', sendInvite: true };
        const payload = 'invitation { link mailSent }';
        const { invitation } = await mutate(server, admin, { field: 'createUser', input, payload });
        expect(invitation).toEqual({ link: expect.stringContaining('/invite#'), mailSent: false });
        const { result } = await present(server, 'requestSignInLink', { email: 'new@example.com' });
        expect(result).toEqual({ __typename: 'RequestSignInLinkPayload', email: 'new@example.com' });
      });
    } finally {
      await refusing.close();
    }
  });
});
