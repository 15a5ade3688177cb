import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerTable } from '../../../src/registry/register-table.ts';
import type { Table } from '../../../src/registry/table.ts';
import { removeSharingOfTable, removeTableGrantsOfSource } from '../../../src/sharing/remove-sharing.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

const hourMilliseconds = 3_600_000;

let now = Date.parse('2030-01-01T00:00:00Z');
let server: TestServer;
let admin: TestPerson;
let people = 0;

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => new Date(now) } });
  admin = await server.person('admin', ['core.admin']);
  await server.registerFile('plain', 'id\n1\n');
  await register('crm_a', { bucket: 'crm' });
  await register('crm_open', { bucket: 'crm', isPublic: true });
  await server.sync();
});

afterAll(() => server.close());

function register(name: string, rest: { bucket?: string; isPublic?: boolean } = {}): Promise<Table> {
  return server.run(registerTable, { source: 'shop', name, options: { path: 'plain.csv' }, ...rest });
}

function inHours(hours: number): string {
  return new Date(now + hours * hourMilliseconds).toISOString();
}

function passHours(hours: number): void {
  now += hours * hourMilliseconds;
}

function newPerson(...roles: string[]): Promise<TestPerson> {
  return server.person(`wide${(people += 1)}`, ['core.viewer', ...roles]);
}

const payload = 'grant { id table { sqlName } source { name } bucket startsAt expiresAt effect }';

/** A millisecond passes, so that the audit row is the newest. */
function grant(input: Record<string, unknown>) {
  now += 1;
  return mutate(server, { token: admin.token }, { field: 'grantTableAccess', input, payload });
}

function revoke(grantId: string) {
  return mutate(server, { token: admin.token }, { field: 'revokeTableAccess', input: { grantId } });
}

async function readable(person: TestPerson): Promise<string[]> {
  const { data } = await ask(server, { as: { token: person.token }, query: '{ tables { edges { node { name } } } }' });
  return data.tables.edges.map(({ node }: { node: { name: string } }) => node.name);
}

describe('a grant on a bucket or a source', () => {
  test('covers what is there, and what is registered later, and nothing else', async () => {
    const [ofBucket, ofSource] = [await newPerson(), await newPerson()];
    expect(await readable(ofBucket)).toEqual(['crm_open']);
    const { grant: onBucket } = await grant({ source: 'shop', bucket: 'crm', userId: `User:${ofBucket.id}` });
    expect(onBucket).toEqual({
      id: expect.stringMatching(/^TableGrant:/),
      table: null,
      source: { name: 'shop' },
      bucket: 'crm',
      startsAt: null,
      expiresAt: null,
      effect: 'ALLOW',
    });
    expect(await newestEvent(server)).toMatchObject({
      action: 'tableGrant.created',
      resource: expect.stringMatching(/^source:/),
      details: { on: 'the bucket "crm" of the source shop', grantee: ofBucket.email },
    });
    const { grant: onSource } = await grant({ source: 'shop', userId: `User:${ofSource.id}` });
    expect(onSource).toMatchObject({ table: null, source: { name: 'shop' }, bucket: null });
    expect(await readable(ofBucket)).toEqual(['crm_a', 'crm_open']);
    expect(await readable(ofSource)).toEqual(['crm_a', 'crm_open', 'plain']);
    await register('crm_later', { bucket: 'crm' });
    await register('other_later', { bucket: 'other' });
    expect(await readable(ofBucket)).toEqual(['crm_a', 'crm_later', 'crm_open']);
    expect(await readable(ofSource)).toEqual(['crm_a', 'crm_later', 'crm_open', 'other_later', 'plain']);
    await revoke(onBucket.id);
    await revoke(onSource.id);
    expect([await readable(ofBucket), await readable(ofSource)]).toEqual([['crm_open'], ['crm_open']]);
  });

  test('that denies beats every allowing one, narrower ones and isPublic too, but not an administrator', async () => {
    const person = await newPerson();
    const table = server.open.services.registry.tables().find(({ name }) => name === 'crm_a')!;
    const userId = `User:${person.id}`;
    const allowing = await grant({ tableId: `Table:${table.id}`, userId });
    const denials = [
      await grant({ source: 'shop', bucket: 'crm', userId, effect: 'DENY' }),
      await grant({ source: 'shop', roleKey: 'core.viewer', effect: 'DENY' }),
    ];
    const all = await readable(admin);
    expect(all).toContain('crm_a');
    expect(await readable(person)).toEqual([]);
    await revoke(denials[1].grant.id);
    expect(await readable(person)).toEqual([]);
    await revoke(denials[0].grant.id);
    expect(await readable(person)).toEqual(['crm_a', 'crm_open']);
    await revoke(allowing.grant.id);
  });

  test('is told at each table that it covers, and at its source', async () => {
    const person = await newPerson();
    const given = await grant({ source: 'shop', bucket: 'empty', userId: `User:${person.id}` });
    const wide = await grant({ source: 'shop', userId: `User:${person.id}` });
    const { data } = await ask(server, {
      as: { token: admin.token },
      query: '{ sources { tableGrants { id } tables { name tableGrants { id } } } }',
    });
    const [source] = data.sources;
    expect(source.tableGrants.toSorted(byId)).toEqual([{ id: given.grant.id }, { id: wide.grant.id }].toSorted(byId));
    for (const table of source.tables) expect(table.tableGrants).toEqual([{ id: wide.grant.id }]);
    await revoke(given.grant.id);
    await revoke(wide.grant.id);
  });

  test('counts after a restart, and goes with its source', async () => {
    const person = await newPerson();
    await grant({ source: 'shop', bucket: 'crm', userId: `User:${person.id}` });
    await grant({ source: 'shop', userId: `User:${person.id}`, effect: 'DENY' });
    server = await server.restart();
    expect(await readable(person)).toEqual([]);
    const { store, registry } = server.open.services;
    const sourceId = registry.sourceByName('shop')!.id;
    expect(await store.write((tx) => removeTableGrantsOfSource(tx, sourceId))).toBe(2);
    expect(await readable(person)).toEqual(['crm_open']);
  });
});

describe('a grant with a period', () => {
  test('counts from its beginning to its end, for lists and statements, without any change in between', async () => {
    const person = await newPerson();
    const table = server.open.services.registry.tables().find(({ name }) => name === 'plain')!;
    const period = { startsAt: inHours(1), expiresAt: inHours(3) };
    const given = await grant({ tableId: `Table:${table.id}`, userId: `User:${person.id}`, ...period });
    expect(given.grant).toMatchObject(period);
    const seen: unknown[] = [];
    for (let hour = 0; hour < 4; hour += 1) {
      const query = '{ sql(statement: "FROM shop.plain") { rowCount } }';
      const { data } = await ask(server, { as: { token: person.token }, query });
      seen.push([(await readable(person)).includes('plain'), data.sql?.rowCount ?? null]);
      passHours(1);
    }
    const [yes, no] = [
      [true, 1],
      [false, null],
    ];
    expect(seen).toEqual([no, yes, yes, no]);
    expect((await ask(server, { as: { token: admin.token }, query: grantsOf('plain') })).data.tables).toMatchObject({
      edges: [{ node: { tableGrants: [{ id: given.grant.id, ...period }] } }],
    });
    const { store } = server.open.services;
    expect(await store.write((tx) => removeSharingOfTable(tx, table.id))).toEqual({
      tableGrants: 1,
      accessRequests: 0,
    });
  });

  test('a denial for a time ends to the millisecond, and makes room only when it has ended', async () => {
    const person = await newPerson();
    const on = { source: 'shop', bucket: 'crm', userId: `User:${person.id}` };
    const expiresAt = inHours(1);
    await grant({ ...on, effect: 'DENY', expiresAt });
    now = Date.parse(expiresAt) - 2;
    expect(await readable(person)).toEqual([]);
    expect(await grant(on)).toEqual({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: `${person.email} has a grant on the bucket "crm" of the source shop already; revoke it first.`,
    });
    expect([now, await readable(person)]).toEqual([Date.parse(expiresAt) - 1, []]);
    now += 1;
    expect(await readable(person)).toEqual(['crm_open']);
    expect(await grant(on)).toMatchObject({ __typename: 'GrantTableAccessPayload' });
    expect(await readable(person)).toContain('crm_a');
  });

  test('is refused when it cannot be, with the field that is wrong', async () => {
    const on = { source: 'shop', roleKey: 'core.analyst' };
    for (const [period, path] of [
      [{ startsAt: inHours(-1) }, 'startsAt'],
      [{ expiresAt: inHours(0) }, 'expiresAt'],
      [{ startsAt: inHours(2), expiresAt: inHours(1) }, 'expiresAt'],
    ] as const) {
      expect(await grant({ ...on, ...period })).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path }] });
    }
  });
});

test('exactly one scope: anything else is refused, and so is a source that is not there', async () => {
  const [table] = server.open.services.registry.tables();
  const roleKey = 'core.analyst';
  const tableId = `Table:${table!.id}`;
  for (const scope of [{}, { bucket: 'crm' }, { tableId, source: 'shop' }, { tableId, bucket: 'crm' }]) {
    expect(await grant({ roleKey, ...scope })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ path: 'tableId', message: 'Give either tableId, or source, or source and bucket together.' }],
    });
  }
  expect(await grant({ roleKey, source: 'nowhere' })).toMatchObject({ __typename: 'NotFoundError' });
});

function grantsOf(search: string): string {
  return `{ tables(search: "${search}") { edges { node { tableGrants { id startsAt expiresAt } } } } }`;
}

function byId(left: { id: string }, right: { id: string }): number {
  return left.id < right.id ? -1 : 1;
}
