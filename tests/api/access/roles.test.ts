import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteRoleGrant } from '../../../src/access/role-grant.store.ts';
import { upsertRole } from '../../../src/access/role.store.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { ask, connectSocket, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { times } from '../../kit/times.ts';

const grantPayload = 'grant { id user { email } role { key } source grantedBy }';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
});

afterAll(() => server.close());

function grantRole(userId: string, roleKey: string, as: TestPerson = admin) {
  const input = { userId: `User:${userId}`, roleKey };
  return mutate(server, { session: as.session }, { field: 'grantRole', input, payload: grantPayload });
}

function revokeRole(grantId: string, as: TestPerson = admin) {
  return mutate(server, as, { field: 'revokeRole', input: { grantId }, payload: grantPayload });
}

function grantsOf(person: TestPerson): string[] {
  return server.open.services.accessIndex.grantsOf(person.id).map(({ id }) => `RoleGrant:${id}`);
}

/** A role made by somebody, not by a module. */
function putRole(key: string, implies: string[], displayName = key) {
  const role = { key, displayName, description: '', ownerModule: 'custom', isCore: false, implies };
  return server.open.services.store.write((tx) => upsertRole(tx, role));
}

describe('grantRole and revokeRole', () => {
  test('give a role and take it away, from the next answer on, each with one audit row', async () => {
    const person = await server.person('granted', []);
    const before = await eventCount(server);
    const given = await grantRole(person.id, 'core.analyst');
    expect(given).toEqual({
      __typename: 'GrantRolePayload',
      grant: {
        id: expect.stringMatching(/^RoleGrant:/),
        user: { email: person.email },
        role: { key: 'core.analyst' },
        source: 'DIRECT',
        grantedBy: admin.email,
      },
    });
    const details = { roleKey: 'core.analyst', userId: person.id };
    const row = { actor: admin.email, resource: `user:${person.id}` };
    expect(await newestEvent(server)).toEqual({
      ...row,
      credential: 'session',
      action: 'role.granted',
      details: { ...details, email: person.email, startsAt: null, expiresAt: null },
    });
    expect((await ask(server, { as: person, query: '{ roles { key } }' })).errors).toBeUndefined();
    expect(await revokeRole(given.grant.id)).toEqual({ ...given, __typename: 'RevokeRolePayload' });
    expect(await newestEvent(server)).toEqual({
      ...row,
      credential: 'pat',
      action: 'role.revoked',
      details: { ...details, grantId: String(given.grant.id).replace('RoleGrant:', '') },
    });
    expect(await eventCount(server)).toBe(before + 2);
    const { errors } = await ask(server, { as: person, query: '{ roles { key } }' });
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.viewer' });
  });

  test('expected failures are results, and change nothing', async () => {
    const person = await server.person('twice', ['core.viewer']);
    const before = await eventCount(server);
    expect(await grantRole(person.id, 'core.viewer')).toEqual({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: 'twice@example.com has the role core.viewer directly already.',
    });
    const notFound = { __typename: 'NotFoundError', code: 'NOT_FOUND' };
    expect(await grantRole(person.id, 'core.nothing')).toMatchObject(notFound);
    expect(await grantRole('nobody', 'core.viewer')).toMatchObject(notFound);
    for (const id of ['RoleGrant:nothing', 'nothing', `User:${person.id}`, '']) {
      expect(await revokeRole(id)).toMatchObject(notFound);
    }
    expect(await eventCount(server)).toBe(before);
  });
});

describe('the last administrator', () => {
  const lastAdmin = {
    __typename: 'LastAdminError',
    code: 'LAST_ADMIN',
    message: 'This would leave no permanent, active administrator; make somebody else one first.',
  };

  test('keeps the role, and nothing is recorded', async () => {
    const before = await eventCount(server);
    expect(await revokeRole(grantsOf(admin)[0]!)).toEqual(lastAdmin);
    expect(await eventCount(server)).toBe(before);
    expect((await ask(server, { as: admin, query: '{ users { edges { cursor } } }' })).errors).toBeUndefined();
  });

  test('somebody who is not active does not count', async () => {
    const other = await server.person('inactive-admin', ['core.admin']);
    await server.deactivate(other);
    expect(await revokeRole(grantsOf(admin)[0]!)).toEqual(lastAdmin);
  });

  test('an administrator by a role that implies core.admin counts, while it does', async () => {
    await putRole('custom.owner', ['core.admin']);
    const owner = await server.person('owner', ['custom.owner']);
    const [own] = grantsOf(admin);
    expect(await revokeRole(own!)).toMatchObject({ __typename: 'RevokeRolePayload' });
    expect(await revokeRole(grantsOf(owner)[0]!, owner)).toEqual(lastAdmin);
    expect(await grantRole(admin.id, 'core.admin', owner)).toMatchObject({ __typename: 'GrantRolePayload' });
    expect(await revokeRole(grantsOf(owner)[0]!)).toMatchObject({ __typename: 'RevokeRolePayload' });
  });

  const rounds = times(10, 50);
  test(`of two who revoke each other at the same instant exactly one succeeds, ${rounds} times`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [left, right] = await Promise.all([
        server.person(`left${round}`, ['core.admin']),
        server.person(`right${round}`, ['core.admin']),
      ]);
      if (round === 0) await revokeRole(grantsOf(admin)[0]!);
      else for (const { id } of everyAdminBut([left, right])) await revokeRole(`RoleGrant:${id}`, left);
      const outcomes = await Promise.all([tryRevoke(right, left), tryRevoke(left, right)]);
      expect(outcomes.toSorted()).toEqual(['RevokeRolePayload', 'refused']);
      expect(server.open.services.accessIndex.activeHolders('core.admin')).toBe(1);
    }
  });

  function everyAdminBut(people: readonly TestPerson[]) {
    const ids = people.map(({ id }) => id);
    return server.open.services.accessIndex.grantsByRole('core.admin').filter(({ userId }) => !ids.includes(userId));
  }

  /** The loser is the last administrator, or has lost the right while waiting. */
  async function tryRevoke(whose: TestPerson, as: TestPerson): Promise<string> {
    try {
      const { __typename } = await revokeRole(grantsOf(whose)[0]!, as);
      return __typename === 'LastAdminError' ? 'refused' : __typename;
    } catch (error) {
      expect(String(error)).toContain('"code":"FORBIDDEN"');
      return 'refused';
    }
  }
});

describe('effective roles', () => {
  const query =
    '{ viewer { effectiveRoles { role { key } via { grant { role { key } } roles { key } } } coreRole { key } } }';

  test('name every grant that gives them, with the path of roles', async () => {
    await putRole('custom.lead', ['core.analyst']);
    const person = await server.person('paths', ['custom.lead', 'core.viewer']);
    const { data } = await ask(server, { as: person, query });
    const told = (data.viewer.effectiveRoles as EffectiveRole[]).map(({ role, via }) => [
      role.key,
      via.map(({ grant, roles }) => `${grant.role.key}: ${roles.map(({ key }) => key).join(' > ')}`),
    ]);
    expect(told).toEqual([
      ['core.analyst', ['custom.lead: custom.lead > core.analyst']],
      ['core.viewer', ['core.viewer: core.viewer', 'custom.lead: custom.lead > core.analyst > core.viewer']],
      ['custom.lead', ['custom.lead: custom.lead']],
    ]);
    expect(data.viewer.coreRole).toEqual({ key: 'core.analyst' });
  });

  test('are the same by session, by token, and over a socket', async () => {
    const person = await server.person('same', ['core.km_admin']);
    const bySession = (await ask(server, { as: { session: person.session }, query })).data;
    expect(bySession.viewer.effectiveRoles).toHaveLength(3);
    expect((await ask(server, { as: { token: person.token }, query })).data).toEqual(bySession);
    for (const shown of [{ session: person.session }, { token: person.token }]) {
      const client = connectSocket(server, shown);
      expect((await askSocket(client, query)).data).toEqual(bySession);
      await client.dispose();
    }
  });

  test('an open subscription is refused once the role is gone, and a token in it counts like a session', async () => {
    const person = await server.person('subscribed', ['core.viewer']);
    const clients = [
      connectSocket(server, { session: person.session }),
      connectSocket(server, { token: person.token }),
    ];
    try {
      const listeners = clients.map((client) => listen(client, 'subscription { syncEvents { id } }'));
      await Promise.all(clients.map((client) => askSocket(client, '{ __typename }')));
      const [grant] = server.open.services.accessIndex.grantsOf(person.id);
      await server.open.services.store.write((tx) => deleteRoleGrant(tx, grant!));
      await server.registerFile('roles', 'id\n1\n');
      await server.sync();
      const refused = { extensions: { code: 'FORBIDDEN', requiredRole: 'core.viewer' } };
      for (const { ended, results } of listeners) {
        expect(await ended).toMatchObject([refused]);
        expect(results).toEqual([]);
      }
      for (const client of clients) {
        expect(await askSocket(client, '{ roles { key } }')).toMatchObject({ errors: [refused] });
      }
    } finally {
      for (const client of clients) await client.dispose();
    }
  });
});

interface EffectiveRole {
  role: { key: string };
  via: { grant: { role: { key: string } }; roles: { key: string }[] }[];
}
