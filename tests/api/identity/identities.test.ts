import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setCoreRole } from '../../../src/access/set-core-role.ts';
import { hashPassword } from '../../../src/identity/password.ts';
import { writePasswordHash } from '../../../src/people/password-hash.ts';
import { startIssuer } from '../../kit/issuer.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { Visitor } from '../../kit/visitor.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const issuers = { oidc: await startIssuer(), partners: await startIssuer() };
const folder = mkdtempSync(join(tmpdir(), 'agnes-identities-'));
writeFileSync(
  join(folder, 'instance.yaml'),
  JSON.stringify({
    signIn: {
      providers: [
        {
          id: 'partners',
          label: 'Partners',
          issuer: issuers.partners.url,
          clientId: issuers.partners.clientId,
          clientSecretEnv: 'PARTNERS_CLIENT_SECRET',
          groupsClaim: 'groups',
        },
      ],
    },
  }),
);
const environment = {
  OIDC_ISSUER: issuers.oidc.url,
  OIDC_CLIENT_ID: issuers.oidc.clientId,
  OIDC_CLIENT_SECRET: issuers.oidc.clientSecret,
  OIDC_GROUPS_CLAIM: 'groups',
  PARTNERS_CLIENT_SECRET: issuers.partners.clientSecret,
  INSTANCE_CONFIG: join(folder, 'instance.yaml'),
  ALLOWED_EMAIL_DOMAINS: 'example.com',
};
afterAll(async () => {
  for (const issuer of Object.values(issuers)) await issuer.close();
  rmSync(folder, { recursive: true });
});

const notFound = { code: 'NOT_FOUND', message: 'There is no identity with this id.' };
const whoAmI =
  '{ viewer { id email externalGroups { id } identities { id issuer provider email linkedAt lastUsedAt } } }';

interface Seen {
  readonly id: string;
  readonly email: string;
  readonly externalGroups: { id: string }[];
  readonly identities: { id: string; issuer: string; provider: string; linkedAt: string; lastUsedAt: string }[];
}

describeServersOnBoth(
  (server) => {
    let admin: TestPerson;

    beforeAll(async () => {
      for (const [id, issuer] of Object.entries(issuers)) {
        await issuer.serve([`${server().url}/auth/oidc/${id}/callback`]);
      }
      admin = await server().person('admin', ['core.admin']);
    });

    async function signIn(provider: keyof typeof issuers, subject: string, claims: object): Promise<string> {
      const issuer = issuers[provider];
      issuer.accounts.set(subject, { email_verified: true, ...claims });
      issuer.visitor = subject;
      const visitor = new Visitor();
      await visitor.follow(`${server().url}/auth/oidc/${provider}/start?next=%2F`);
      const session = visitor.cookie('agnes');
      if (!session) throw new Error('Nobody was signed in.');
      return session;
    }

    const look = async (session: string): Promise<Seen> =>
      (await ask(server(), { as: { session }, query: whoAmI })).data.viewer as Seen;

    const unlink = (as: Parameters<typeof mutate>[1], id: string) =>
      mutate(server(), as, { field: 'unlinkIdentity', input: { id }, payload: 'identity { id email }' });

    test('one person at two providers is one user; the groups of each are apart, and unlinking one leaves the other’s', async () => {
      const email = 'ada@example.com';
      const first = await signIn('oidc', 'ada-1', { email, groups: ['eng', 'all'] });
      const second = await signIn('partners', 'ada-2', { email, groups: ['ops', 'all'] });
      const seen = await look(second);
      expect((await look(first)).id).toBe(seen.id);
      expect(seen.externalGroups.map(({ id }) => id).toSorted()).toEqual(['all', 'eng', 'ops']);
      expect(seen.identities).toEqual(
        Object.entries(issuers).map(([provider, { url: issuer }]) => ({
          id: expect.stringMatching(/^Identity:/),
          issuer,
          provider,
          email,
          linkedAt: expect.any(String),
          lastUsedAt: expect.any(String),
        })),
      );
      const [identity] = seen.identities;
      expect(await unlink({ session: second }, identity!.id)).toMatchObject({ identity: { id: identity!.id, email } });
      expect(await newestEvent(server())).toEqual({
        actor: email,
        credential: 'session',
        action: 'identity.unlinked',
        resource: identity!.id.replace('Identity', 'identity'),
        details: { issuer: issuers.oidc.url, email, userId: seen.id.replace('Viewer:', '') },
      });
      const left = await look(first);
      expect(left.externalGroups.map(({ id }) => id).toSorted()).toEqual(['all', 'ops']);
      expect(left.identities.map(({ provider }) => provider)).toEqual(['partners']);
      // The same person with a new account there: nothing stands in its way any more.
      const again = await look(await signIn('oidc', 'ada-3', { email, groups: ['eng'] }));
      expect(again.id).toBe(seen.id);
      expect(again.externalGroups.map(({ id }) => id).toSorted()).toEqual(['all', 'eng', 'ops']);
      expect(again.identities).toHaveLength(2);
    });

    test('nobody takes the last way in from oneself; a password is another way, and an administrator may', async () => {
      const session = await signIn('oidc', 'lone-1', { email: 'lone@example.com', groups: [] });
      const { id, identities } = await look(session);
      expect(await unlink({ session }, identities[0]!.id)).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('your only way to sign in'),
      });
      const hash = await hashPassword('correct horse battery');
      await server().open.services.store.write((tx) => writePasswordHash(tx, id.replace('Viewer:', ''), hash));
      expect(await unlink({ session }, identities[0]!.id)).toMatchObject({ identity: { email: 'lone@example.com' } });
      const other = await look(await signIn('partners', 'sole-1', { email: 'sole@example.com' }));
      expect(await unlink(admin, other.identities[0]!.id)).toMatchObject({ identity: { email: 'sole@example.com' } });
      expect(await unlink(admin, other.identities[0]!.id)).toMatchObject(notFound);
    });

    test('somebody else’s identity does not exist, unless one administers, and no longer when one does not', async () => {
      const { id, identities } = await look(await signIn('oidc', 'held-1', { email: 'held@example.com' }));
      const query = 'query ($id: ID!) { user(id: $id) { identities { id email } } }';
      const variables = { id: id.replace('Viewer', 'User') };
      const former = await server().person('former', ['core.admin']);
      const listed = await ask(server(), { as: former, query, variables });
      expect(listed.data.user.identities).toEqual([{ id: identities[0]!.id, email: 'held@example.com' }]);
      await server().run(setCoreRole, { userId: former.id, roleKey: 'core.km_admin' });
      expect((await ask(server(), { as: former, query, variables })).errors?.[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
      });
      expect(await unlink(former, identities[0]!.id)).toMatchObject(notFound);
      expect(await unlink({ session: former.session }, 'Identity:nothing')).toMatchObject(notFound);
    });
  },
  { environment },
);
