import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, connectSocket, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

const hourMilliseconds = 3_600_000;
const grantPayload = 'grant { id startsAt expiresAt }';

let now = Date.parse('2030-01-01T00:00:00Z');
let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => new Date(now) } });
  admin = await server.person('admin', ['core.admin']);
});

afterAll(() => server.close());

function inHours(hours: number): string {
  return new Date(now + hours * hourMilliseconds).toISOString();
}

function passHours(hours: number): void {
  now += hours * hourMilliseconds;
}

function grantRole(
  person: TestPerson,
  given: { roleKey?: string; startsAt?: string; expiresAt?: string | null },
  as = admin,
) {
  const input = { userId: `User:${person.id}`, roleKey: 'core.viewer', ...given };
  return mutate(server, { token: as.token }, { field: 'grantRole', input, payload: grantPayload });
}

function revokeRole(grantId: string, as = admin) {
  return mutate(server, { token: as.token }, { field: 'revokeRole', input: { grantId } });
}

async function mayListRoles(person: TestPerson): Promise<boolean> {
  const { errors } = await ask(server, { as: { token: person.token }, query: '{ roles { key } }' });
  if (errors) expect(errors[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.viewer' });
  return errors === undefined;
}

describe('a role granted for a time', () => {
  test('counts from its beginning to its end, without any change in between', async () => {
    const person = await server.person('for-a-time', []);
    const period = { startsAt: inHours(1), expiresAt: inHours(3) };
    expect(await grantRole(person, period)).toEqual({
      __typename: 'GrantRolePayload',
      grant: { id: expect.stringMatching(/^RoleGrant:/), ...period },
    });
    const seen: boolean[] = [];
    for (let hour = 0; hour < 4; hour += 1) {
      seen.push(await mayListRoles(person));
      passHours(1);
    }
    expect(seen).toEqual([false, true, true, false]);
  });

  test('ends to the millisecond, and its grant is still told', async () => {
    const person = await server.person('millisecond', []);
    const expiresAt = inHours(1);
    await grantRole(person, { expiresAt });
    now += hourMilliseconds - 1;
    expect(await mayListRoles(person)).toBe(true);
    now += 1;
    expect(await mayListRoles(person)).toBe(false);
    const { data } = await ask(server, {
      as: person,
      query: '{ viewer { coreRole { key } effectiveRoles { role { key } } roleGrants { startsAt expiresAt } } }',
    });
    expect(data.viewer).toEqual({ coreRole: null, effectiveRoles: [], roleGrants: [{ startsAt: null, expiresAt }] });
  });

  test('stands with its period in the audit', async () => {
    const person = await server.person('audited', []);
    const period = { startsAt: inHours(1), expiresAt: inHours(2) };
    await grantRole(person, period);
    expect(await newestEvent(server)).toMatchObject({
      action: 'role.granted',
      details: { roleKey: 'core.viewer', email: person.email, ...period },
    });
  });

  test('is refused with the field that is wrong, and nothing is recorded', async () => {
    const person = await server.person('wrong-period', []);
    const before = await eventCount(server);
    const past = 'This has passed; leave it out to begin at once.';
    const cases: [Parameters<typeof grantRole>[1], [string, string][]][] = [
      [{ expiresAt: inHours(0) }, [['expiresAt', 'The end must lie in the future.']]],
      [{ startsAt: inHours(-1) }, [['startsAt', past]]],
      [{ startsAt: inHours(2), expiresAt: inHours(2) }, [['expiresAt', 'The end must come after the beginning.']]],
      [
        { startsAt: inHours(-2), expiresAt: inHours(-1) },
        [
          ['startsAt', past],
          ['expiresAt', 'The end must lie in the future.'],
        ],
      ],
    ];
    for (const [period, faults] of cases) {
      expect(await grantRole(person, period)).toMatchObject({
        __typename: 'InvalidInputError',
        code: 'INVALID_INPUT',
        fields: faults.map(([path, message]) => ({ path, message })),
      });
    }
    expect(await eventCount(server)).toBe(before);
  });

  test('makes room for another once it has ended, and not before', async () => {
    const person = await server.person('again', []);
    const first = { startsAt: inHours(1), expiresAt: inHours(2) };
    const { grant } = await grantRole(person, first);
    expect(await grantRole(person, {})).toMatchObject({
      __typename: 'ConflictError',
      message:
        `again@example.com has the role core.viewer directly already, from ${first.startsAt} until ${first.expiresAt}; ` +
        'revoke that grant first.',
    });
    passHours(2);
    const second = await grantRole(person, {});
    expect(second).toMatchObject({ __typename: 'GrantRolePayload', grant: { startsAt: null, expiresAt: null } });
    expect(second.grant.id).not.toBe(grant.id);
    expect(await mayListRoles(person)).toBe(true);
    expect(await revokeRole(grant.id)).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('can be revoked before it ends', async () => {
    const person = await server.person('revoked-early', []);
    const { grant } = await grantRole(person, { expiresAt: inHours(1) });
    expect(await revokeRole(grant.id)).toMatchObject({ __typename: 'RevokeRolePayload' });
    expect(await mayListRoles(person)).toBe(false);
  });

  test('begins and ends while the server is down', async () => {
    const ending = await server.person('ending', []);
    const beginning = await server.person('beginning', []);
    await grantRole(ending, { expiresAt: inHours(1) });
    await grantRole(beginning, { startsAt: inHours(1) });
    await server.stop();
    passHours(1);
    server = await startTestServer({ dataDir: server.dataDir, clock: { now: () => new Date(now) } });
    expect([await mayListRoles(ending), await mayListRoles(beginning)]).toEqual([false, true]);
  });
});

describe('the last administrator', () => {
  test('is not one whose role ends, or has yet to begin', async () => {
    const ending = await server.person('ending-admin', []);
    const coming = await server.person('coming-admin', []);
    await grantRole(ending, { roleKey: 'core.admin', expiresAt: inHours(5) });
    await grantRole(coming, { roleKey: 'core.admin', startsAt: inHours(1) });
    const [own] = server.open.services.accessIndex.grantsOf(admin.id);
    const lastAdmin = { __typename: 'LastAdminError', code: 'LAST_ADMIN' };
    expect(await revokeRole(`RoleGrant:${own!.id}`)).toMatchObject(lastAdmin);
    expect(await revokeRole(`RoleGrant:${own!.id}`, ending)).toMatchObject(lastAdmin);
    passHours(1);
    expect(await revokeRole(`RoleGrant:${own!.id}`, ending)).toMatchObject({ __typename: 'RevokeRolePayload' });
    expect(await grantRole(admin, { roleKey: 'core.admin' }, coming)).toMatchObject({ __typename: 'GrantRolePayload' });
  });
});

describe('an open subscription', () => {
  test('ends at the instant at which the role does, though nothing happens', async () => {
    const live = await startTestServer();
    try {
      const person = await live.person('subscribed', []);
      const other = await live.person('stays', ['core.viewer']);
      const { accessIndex, clock } = live.open.services;
      const clients = [person, other].map(({ token }) => connectSocket(live, { token }));
      const expiresAt = new Date(clock.now().getTime() + 3000);
      const boss = await live.person('boss', ['core.admin']);
      const input = { userId: `User:${person.id}`, roleKey: 'core.viewer', expiresAt: expiresAt.toISOString() };
      await mutate(live, { token: boss.token }, { field: 'grantRole', input });
      const [leaving, staying] = clients.map((client) => listen(client, 'subscription { syncEvents { id } }'));
      await Promise.all(clients.map((client) => askSocket(client, '{ __typename }')));
      expect(accessIndex.hasRole(person.id, 'core.viewer')).toBe(true);
      const refused = { extensions: { code: 'FORBIDDEN', requiredRole: 'core.viewer' } };
      expect(await leaving!.ended).toMatchObject([refused]);
      expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
      expect(leaving!.results).toEqual([]);
      expect(await Promise.race([staying!.ended, Promise.resolve('open')])).toBe('open');
      for (const client of clients) await client.dispose();
    } finally {
      await live.close();
    }
  });
});
