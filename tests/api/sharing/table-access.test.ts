import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { registerTable } from '../../../src/registry/register-table.ts';
import type { Table } from '../../../src/registry/table.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let admin: TestPerson;
let secret: Table;
let open: Table;
let people = 0;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  secret = await server.registerFile('secret', 'id\n1\n');
  open = await server.run(registerTable, {
    source: 'shop',
    name: 'open',
    isPublic: true,
    options: { path: 'secret.csv' },
  });
  await server.sync();
});

afterAll(() => server.close());

function grant(table: Table, rest: Record<string, unknown>) {
  const payload = 'grant { id table { sqlName } user { email } role { key } effect grantedBy }';
  const input = { tableId: `Table:${table.id}`, ...rest };
  return mutate(server, admin, { field: 'grantTableAccess', input, payload });
}

function revoke(grantId: string) {
  return mutate(server, admin, { field: 'revokeTableAccess', input: { grantId }, payload: 'grant { id effect }' });
}

function newPerson(...roles: string[]): Promise<TestPerson> {
  people += 1;
  return server.person(`reader${people}`, roles);
}

/** The tables this person sees, after checking that list, own view and statements agree. */
async function readable(person: TestPerson): Promise<string[]> {
  const query =
    '{ tables { edges { node { sqlName } } } viewer { tableAccess { edges { node { table { sqlName } } } } } }';
  const { data } = await ask(server, { as: person, query });
  const names = data.tables.edges.map(({ node }: { node: { sqlName: string } }) => node.sqlName) as string[];
  const own = data.viewer.tableAccess.edges.map(({ node }: { node: { table: { sqlName: string } } }) => node.table);
  expect(own).toEqual(names.map((sqlName) => ({ sqlName })));
  for (const name of ['shop.open', 'shop.secret']) {
    const { data: result } = await ask(server, {
      as: person,
      query: `{ sql(statement: "FROM ${name}") { rowCount } }`,
    });
    expect([name, result.sql]).toEqual([name, names.includes(name) ? { rowCount: 1 } : null]);
  }
  return names;
}

test('a grant lets a user read, and its end forbids it, each with one audit row', async () => {
  const person = await newPerson('core.viewer');
  expect(await readable(person)).toEqual(['shop.open']);
  const before = await eventCount(server);
  const given = await grant(secret, { userId: `User:${person.id}` });
  expect(given).toEqual({
    __typename: 'GrantTableAccessPayload',
    grant: {
      id: expect.stringMatching(/^TableGrant:/),
      table: { sqlName: 'shop.secret' },
      user: { email: person.email },
      role: null,
      effect: 'ALLOW',
      grantedBy: admin.email,
    },
  });
  expect(await newestEvent(server)).toEqual({
    actor: admin.email,
    credential: 'pat',
    action: 'tableGrant.created',
    resource: `table:${secret.id}`,
    details: {
      scope: { kind: 'table', tableId: secret.id },
      on: 'shop.secret',
      grantee: person.email,
      effect: 'allow',
      startsAt: null,
      expiresAt: null,
    },
  });
  expect(await eventCount(server)).toBe(before + 1);
  expect(await readable(person)).toEqual(['shop.open', 'shop.secret']);
  expect(await revoke(given.grant.id)).toMatchObject({ __typename: 'RevokeTableAccessPayload' });
  expect(await newestEvent(server)).toMatchObject({
    action: 'tableGrant.revoked',
    resource: `table:${secret.id}`,
    details: { scope: { kind: 'table', tableId: secret.id }, granteeKind: 'user', granteeId: person.id },
  });
  expect(await readable(person)).toEqual(['shop.open']);
});

describe('who may read', () => {
  test('holders of a role with a grant, by implication too', async () => {
    const [analyst, keeper, viewer] = [
      await newPerson('core.analyst'),
      await newPerson('core.km_admin'),
      await newPerson('core.viewer'),
    ];
    const given = await grant(secret, { roleKey: 'core.analyst' });
    expect(given.grant).toMatchObject({ user: null, role: { key: 'core.analyst' } });
    expect(await readable(analyst)).toEqual(['shop.open', 'shop.secret']);
    expect(await readable(keeper)).toEqual(['shop.open', 'shop.secret']);
    expect(await readable(viewer)).toEqual(['shop.open']);
    await revoke(given.grant.id);
    expect(await readable(analyst)).toEqual(['shop.open']);
  });

  test('a denial wins over every permission, whichever of the two is personal', async () => {
    const [first, second] = [await newPerson('core.analyst'), await newPerson('core.analyst')];
    const grants = [
      await grant(secret, { roleKey: 'core.analyst' }),
      await grant(secret, { userId: `User:${first.id}`, effect: 'DENY' }),
    ];
    expect(await readable(first)).toEqual(['shop.open']);
    expect(await readable(second)).toEqual(['shop.open', 'shop.secret']);
    for (const { grant: given } of grants) await revoke(given.id);
    const turned = [
      await grant(secret, { roleKey: 'core.analyst', effect: 'DENY' }),
      await grant(secret, { userId: `User:${first.id}` }),
    ];
    expect(await readable(first)).toEqual(['shop.open']);
    await revoke(turned[0].grant.id);
    expect(await readable(first)).toEqual(['shop.open', 'shop.secret']);
    await revoke(turned[1].grant.id);
  });

  test('a public table is everybody’s, but not theirs whom a grant denies', async () => {
    const person = await newPerson('core.viewer');
    expect(await readable(person)).toEqual(['shop.open']);
    const given = await grant(open, { userId: `User:${person.id}`, effect: 'DENY' });
    expect(await readable(person)).toEqual([]);
    await revoke(given.grant.id);
    expect(await readable(person)).toEqual(['shop.open']);
  });

  test('an administrator reads every table, denied or not', async () => {
    const given = [
      await grant(secret, { userId: `User:${admin.id}`, effect: 'DENY' }),
      await grant(open, { roleKey: 'core.admin', effect: 'DENY' }),
    ];
    expect(await readable(admin)).toEqual(['shop.open', 'shop.secret']);
    for (const { grant: each } of given) await revoke(each.id);
  });

  test('the rights are the same after a restart', async () => {
    const person = await newPerson('core.viewer');
    const given = await grant(secret, { userId: `User:${person.id}` });
    await grant(open, { userId: `User:${person.id}`, effect: 'DENY' });
    server = await server.restart();
    expect(await readable(person)).toEqual(['shop.secret']);
    await revoke(given.grant.id);
    expect(await readable(person)).toEqual([]);
  });
});

describe('expected failures', () => {
  test('neither or both grantees', async () => {
    const both = { userId: `User:${admin.id}`, roleKey: 'core.viewer' };
    for (const grantee of [{}, both, { userId: null, roleKey: null }, { roleKey: '' }]) {
      expect(await grant(secret, grantee)).toEqual({
        __typename: 'InvalidInputError',
        code: 'INVALID_INPUT',
        message: 'userId: Give either userId or roleKey.',
        fields: [{ path: 'userId', message: 'Give either userId or roleKey.' }],
      });
    }
  });

  test('a grant that is there, and things that are not', async () => {
    const person = await newPerson('core.viewer');
    await grant(secret, { userId: `User:${person.id}` });
    const before = await eventCount(server);
    expect(await grant(secret, { userId: `User:${person.id}`, effect: 'DENY' })).toEqual({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: `${person.email} has a grant on shop.secret already; revoke it first.`,
    });
    const notFound = { __typename: 'NotFoundError', code: 'NOT_FOUND' };
    expect(await grant(secret, { userId: 'User:nothing' })).toMatchObject(notFound);
    expect(await grant(secret, { roleKey: 'core.nothing' })).toMatchObject(notFound);
    expect(await grant({ ...secret, id: 'nothing' }, { roleKey: 'core.viewer' })).toMatchObject(notFound);
    expect(await revoke('TableGrant:nothing')).toMatchObject(notFound);
    expect(await revoke('RoleGrant:nothing')).toMatchObject(notFound);
    expect(await eventCount(server)).toBe(before);
  });
});
