import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upsertRole } from '../../../src/access/role.store.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  const lead = { key: 'custom.lead', displayName: 'Lead', description: '', ownerModule: 'custom', isCore: false };
  await server.open.services.store.write((tx) => upsertRole(tx, { ...lead, implies: [] }));
});

afterAll(() => server.close());

function setCoreRole(userId: string, roleKey: string, as = admin) {
  const payload = 'grant { id role { key } user { email coreRole { key } } source grantedBy startsAt expiresAt }';
  const input = { userId: `User:${userId}`, roleKey };
  return mutate(server, { token: as.token }, { field: 'setCoreRole', input, payload });
}

function grantRole(userId: string, roleKey: string, expiresAt?: Date) {
  const input = { userId: `User:${userId}`, roleKey, expiresAt: expiresAt?.toISOString() };
  return mutate(server, admin, { field: 'grantRole', input });
}

function rolesGivenTo({ id }: TestPerson): string[] {
  return server.open.services.accessIndex.grantsOf(id).map(({ roleKey }) => roleKey);
}

describe('setCoreRole', () => {
  test('leaves exactly this core role, keeps others, and writes one audit row with before and after', async () => {
    const person = await server.person('changed', ['core.km_admin', 'core.viewer', 'custom.lead']);
    const before = await eventCount(server);
    expect(await setCoreRole(person.id, 'core.analyst')).toEqual({
      __typename: 'SetCoreRolePayload',
      grant: {
        id: expect.stringMatching(/^RoleGrant:/),
        role: { key: 'core.analyst' },
        user: { email: person.email, coreRole: { key: 'core.analyst' } },
        source: 'DIRECT',
        grantedBy: admin.email,
        startsAt: null,
        expiresAt: null,
      },
    });
    expect(rolesGivenTo(person)).toEqual(['core.analyst', 'custom.lead']);
    expect(await newestEvent(server)).toEqual({
      actor: admin.email,
      credential: 'pat',
      action: 'user.coreRoleSet',
      resource: `user:${person.id}`,
      details: {
        userId: person.id,
        email: person.email,
        before: ['core.km_admin', 'core.viewer'],
        after: ['core.analyst'],
      },
    });
    expect(await eventCount(server)).toBe(before + 1);
  });

  test('gives one to who has none, and keeps the grant of who has it already', async () => {
    const person = await server.person('none-yet', []);
    const given = await setCoreRole(person.id, 'core.viewer');
    expect(given.__typename).toBe('SetCoreRolePayload');
    expect((await setCoreRole(person.id, 'core.viewer')).grant).toEqual(given.grant);
    expect(await newestEvent(server)).toMatchObject({ details: { before: ['core.viewer'], after: ['core.viewer'] } });
  });

  test('puts a grant without an end in the place of one for a time', async () => {
    const person = await server.person('for-a-time', []);
    await grantRole(person.id, 'core.analyst', new Date(Date.now() + 60_000));
    expect((await setCoreRole(person.id, 'core.analyst')).grant.expiresAt).toBeNull();
    expect(rolesGivenTo(person)).toEqual(['core.analyst']);
  });

  test('takes core roles only, of users that there are', async () => {
    const person = await server.person('unchanged', ['core.viewer']);
    const before = await eventCount(server);
    for (const roleKey of ['custom.lead', 'core.king', 'Core.Admin', '']) {
      expect(await setCoreRole(person.id, roleKey)).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [
          {
            path: 'roleKey',
            message: 'Choose one of the core roles: core.viewer, core.analyst, core.km_admin, core.admin.',
          },
        ],
      });
    }
    expect(await setCoreRole('nobody', 'core.viewer')).toMatchObject({ __typename: 'NotFoundError' });
    expect(rolesGivenTo(person)).toEqual(['core.viewer']);
    expect(await eventCount(server)).toBe(before);
  });

  test('keeps the last administrator, whole', async () => {
    const before = await eventCount(server);
    expect(await setCoreRole(admin.id, 'core.viewer')).toMatchObject({ __typename: 'LastAdminError' });
    expect(rolesGivenTo(admin)).toEqual(['core.admin']);
    expect(await eventCount(server)).toBe(before);
    expect(await setCoreRole(admin.id, 'core.admin')).toMatchObject({ __typename: 'SetCoreRolePayload' });
  });

  test('of two administrators who demote each other at the same instant one stays', async () => {
    const other = await server.person('other-admin', ['core.admin']);
    const results = await Promise.all(
      [
        [other, admin],
        [admin, other],
      ].map(([whose, as]) => setCoreRole(whose!.id, 'core.viewer', as).catch((error: unknown) => String(error))),
    );
    expect(results.filter((result) => result.__typename === 'SetCoreRolePayload')).toHaveLength(1);
    expect(server.open.services.accessIndex.activeHolders('core.admin')).toBe(1);
  });
});

test('role is the role with this key, or null', async () => {
  const viewer = await server.person('viewer', ['core.viewer']);
  const query = '{ there: role(key: "core.analyst") { key implies { key } } not: role(key: "core.king") { key } }';
  const { data, errors } = await ask(server, { as: viewer, query });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ there: { key: 'core.analyst', implies: [{ key: 'core.viewer' }] }, not: null });
});
