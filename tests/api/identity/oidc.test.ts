import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { createUser } from '../../../src/people/create-user.ts';
import { deleteUser } from '../../../src/sharing/delete-user.ts';
import { startIssuer } from '../../kit/issuer.ts';
import { ask } from '../../kit/server.ts';
import { Visitor } from '../../kit/visitor.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const issuer = await startIssuer();
const environment = {
  OIDC_ISSUER: issuer.url,
  OIDC_CLIENT_ID: issuer.clientId,
  OIDC_CLIENT_SECRET: issuer.clientSecret,
  OIDC_GROUPS_CLAIM: 'groups',
  ALLOWED_EMAIL_DOMAINS: 'Example.com, example.org',
};
afterAll(() => issuer.close());

const whoAmI = '{ viewer { id email name externalGroups { id name } roleGrants { role { key } source } } }';

describeServersOnBoth(
  (server) => {
    const callback = () => `${server().url}/auth/oidc/oidc/callback`;
    const start = (next = '/') => `${server().url}/auth/oidc/oidc/start?next=${encodeURIComponent(next)}`;

    beforeAll(() => issuer.serve([callback()]));

    /** Signs in at the issuer as this subject; resolves to where the browser ends, and to what the session sees. */
    async function signIn(subject: string, claims: Record<string, unknown>, next = '/') {
      issuer.accounts.set(subject, claims);
      issuer.visitor = subject;
      const visitor = new Visitor();
      const url = await visitor.follow(start(next));
      const session = visitor.cookie('agnes');
      const viewer = session && (await ask(server(), { as: { session }, query: whoAmI })).data.viewer;
      return { place: url.replace(server().url, ''), viewer, visitor };
    }

    async function newestRow() {
      const { action, actor, details } = await newestEvent(server());
      return { action, actor, details };
    }

    async function newestRefusal() {
      const [row] = await listAuditEvents(server().open.services.store, { limit: 1, action: 'session.refused' });
      return row && { actor: row.actor, details: row.details };
    }

    test('somebody new of an allowed domain comes in as an analyst, with the groups of userinfo', async () => {
      const groups = ['eng', { id: 'ops@example.com', name: 'Operations' }];
      const ada = { email: 'Ada@Example.com', email_verified: true, name: 'Ada', groups };
      const { place, viewer } = await signIn('ada', ada, '/tables?search=a%2Fb#row');
      expect(place).toBe('/tables?search=a%2Fb#row');
      expect(viewer).toEqual({
        id: expect.stringMatching(/^(User|Viewer):/),
        email: 'ada@example.com',
        name: 'Ada',
        externalGroups: [
          { id: 'eng', name: 'eng' },
          { id: 'ops@example.com', name: 'Operations' },
        ],
        roleGrants: [{ role: { key: 'core.analyst' }, source: 'AUTO_SEED' }],
      });
      expect(await newestRow()).toEqual({
        action: 'session.opened',
        actor: 'ada@example.com',
        details: { door: 'oidc', address: '127.0.0.1', provider: 'oidc', user: 'new', groups: 2 },
      });
    });

    const groupsOf = (viewer: { externalGroups: { id: string }[] }) => viewer.externalGroups.map(({ id }) => id);

    test('groups follow each sign-in; without the claim the last known stay, which the audit tells; an empty list empties', async () => {
      const grace = { email: 'grace@example.com', email_verified: true };
      const groupsAfter = async (groups: unknown) => {
        const { viewer } = await signIn('grace', { ...grace, groups });
        return { groups: groupsOf(viewer), told: ((await newestRow()).details as { groups: unknown }).groups };
      };
      expect(await groupsAfter(['a', 'b'])).toEqual({ groups: ['a', 'b'], told: 2 });
      expect(await groupsAfter(['b', 'c'])).toEqual({ groups: ['b', 'c'], told: 2 });
      expect(await groupsAfter(undefined)).toEqual({ groups: ['b', 'c'], told: 'last known: absent' });
      expect(await groupsAfter('b,c')).toEqual({ groups: ['b', 'c'], told: 'last known: unreadable' });
      expect(await groupsAfter([])).toEqual({ groups: [], told: 0 });
    });

    test('a subject stays who it was when its address changes, and whoever gets the address is not let in as that user', async () => {
      const address = { email: 'kay@example.com', email_verified: true };
      const first = await signIn('kay', address);
      const moved = await signIn('kay', { email: 'kay@elsewhere.example', email_verified: false });
      expect(moved.viewer.id).toBe(first.viewer.id);
      expect(moved.viewer.email).toBe('kay@example.com');
      expect((await signIn('another-kay', address)).place).toBe('/?signInError=other-identity');
    });

    test('becomes a user that is there only by a verified address of an allowed domain', async () => {
      const person = await server().person('joan', ['core.viewer']);
      const outside = await server().run(createUser, { email: 'joan@elsewhere.example' });
      const refusals = [
        { email: person.email, email_verified: false },
        { email: person.email },
        { email: outside.email, email_verified: true },
        { email: 'nobody@sub.example.com', email_verified: true },
      ];
      const places = [];
      for (const claims of refusals) places.push((await signIn('joan', claims)).place);
      expect(places).toEqual([
        '/?signInError=email-not-verified',
        '/?signInError=email-not-verified',
        '/?signInError=domain-not-allowed',
        '/?signInError=domain-not-allowed',
      ]);
      const { viewer } = await signIn('joan', { email: 'JOAN@example.com', email_verified: true });
      expect(viewer.id).toContain(person.id);
      expect(viewer.roleGrants.map(({ role }: { role: { key: string } }) => role.key)).toEqual(['core.viewer']);
      expect((await newestRow()).details).toMatchObject({ user: 'linked' });
    });

    test('who is not active is refused, and the audit names a known user only', async () => {
      const person = await server().person('idle', []);
      await server().deactivate(person);
      const claims = { email: person.email, email_verified: true };
      expect((await signIn('idle', claims)).place).toBe('/?signInError=inactive');
      const refused = { door: 'oidc', provider: 'oidc', address: '127.0.0.1' };
      const inactive = { ...refused, reason: 'inactive', email: person.email };
      // Durable before the answer, so that no kill behind it loses the row.
      expect(await newestRefusal()).toEqual({ actor: 'nobody', details: inactive });
      await signIn('stranger', { email: 'stranger@elsewhere.example', email_verified: true });
      const unknown = { ...refused, reason: 'domain-not-allowed' };
      expect(await newestRefusal()).toEqual({ actor: 'nobody', details: unknown });
    });

    test('every sign-in opens a session of its own, and ends the one that the browser had', async () => {
      const claims = { email: 'mary@example.com', email_verified: true };
      const { visitor } = await signIn('mary', claims);
      const session = visitor.cookie('agnes')!;
      await visitor.follow(start());
      expect(visitor.cookie('agnes')).not.toBe(session);
      expect((await ask(server(), { as: { session }, query: whoAmI })).data.viewer).toBeNull();
    });

    test('a key that the issuer has exchanged counts at once', async () => {
      const claims = { email: 'rosa@example.com', email_verified: true };
      await signIn('rosa', claims);
      await issuer.serve([callback()]);
      expect((await signIn('rosa', claims)).viewer.email).toBe('rosa@example.com');
    });

    test('who was deleted and comes again is somebody new', async () => {
      const claims = { email: 'eve@example.com', email_verified: true };
      const { viewer } = await signIn('eve', claims);
      await server().run(deleteUser, { id: viewer.id.split(':')[1] });
      const again = await signIn('eve', claims);
      expect(again.viewer.id).not.toBe(viewer.id);
    });
  },
  { environment },
);
