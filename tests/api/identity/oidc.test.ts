import { afterAll, beforeAll, expect, test } from 'vitest';
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
      const { store, auditBatch } = server().open.services;
      await auditBatch.flush(store);
      const { action, actor, details } = await newestEvent(server());
      return { action, actor, details };
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
        details: { door: 'oidc', provider: 'oidc', user: 'new', groups: 2 },
      });
    });
  },
  { environment },
);
