import { beforeAll, expect, test } from 'vitest';
import type { Table } from '../../../src/registry/table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { removeSharingOfTable } from '../../../src/sharing/remove-sharing.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { ask, connectSocket, type TestPerson } from '../../kit/server.ts';
import { ask as askSocket, listen, until } from '../../server/socket-client.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const parts =
  'id tableId table { sqlName } user { email } reason status requestedAt decidedAt decidedBy note expiresAt';
const subscription = `subscription { notifications { __typename
  ... on AccessRequestMade { request { reason user { email } table { sqlName } } }
  ... on AccessRequestDecided { request { status note table { sqlName } } } } }`;

describeServersOnBoth((server) => {
  let admin: TestPerson;
  let people = 0;
  let tables = 0;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
  });

  function newPerson(): Promise<TestPerson> {
    return server().person(`asker${(people += 1)}`, ['core.viewer']);
  }

  function newTable(): Promise<Table> {
    return server().registerFile(`asked_${(tables += 1)}`, 'id\n1\n');
  }

  function request(as: TestPerson, table: { id: string }, reason = 'For the yearly report.') {
    const input = { tableId: `Table:${table.id}`, reason };
    return mutate(server(), as, { field: 'requestTableAccess', input, payload: `request { ${parts} }` });
  }

  function decide(id: string, decision: string, rest: Record<string, unknown> = {}, as = admin) {
    const payload = `request { ${parts} } grant { id expiresAt table { sqlName } user { email } }`;
    return mutate(server(), as, { field: 'decideAccessRequest', input: { id, decision, ...rest }, payload });
  }

  async function listed(as: TestPerson, args = ''): Promise<Record<string, unknown>[]> {
    const query = `{ accessRequests${args} { edges { node { ${parts} } } } }`;
    const { data } = await ask(server(), { as, query });
    return data.accessRequests.edges.map(({ node }: { node: unknown }) => node);
  }

  function canRead(person: TestPerson, table: Table): boolean {
    return server().open.services.tableAccess.canRead(person.id, table.id);
  }

  test('ask, approve, read: each step with its audit row, until the end that was given', async () => {
    const [person, table] = [await newPerson(), await newTable()];
    const asked = await request(person, table, '  For the yearly report.  ');
    expect(asked).toEqual({
      __typename: 'RequestTableAccessPayload',
      request: {
        id: expect.stringMatching(/^AccessRequest:/),
        tableId: `Table:${table.id}`,
        table: null,
        user: { email: person.email },
        reason: 'For the yearly report.',
        status: 'PENDING',
        requestedAt: expect.any(String),
        decidedAt: null,
        decidedBy: null,
        note: null,
        expiresAt: null,
      },
    });
    expect(await newestEvent(server())).toMatchObject({
      actor: person.email,
      action: 'accessRequest.made',
      resource: `table:${table.id}`,
      details: { sqlName: table.sqlName, reason: 'For the yearly report.' },
    });
    expect(await listed(admin, '(status: PENDING)')).toMatchObject([{ table: { sqlName: table.sqlName } }]);
    const expiresAt = '2100-01-01T00:00:00.000Z';
    const decided = await decide(asked.request.id, 'APPROVE', { note: 'Until then.', expiresAt });
    expect(decided).toMatchObject({
      __typename: 'DecideAccessRequestPayload',
      request: { status: 'APPROVED', decidedBy: admin.email, note: 'Until then.', expiresAt },
      grant: { expiresAt, table: { sqlName: table.sqlName }, user: { email: person.email } },
    });
    expect(await newestEvent(server())).toMatchObject({
      actor: admin.email,
      action: 'accessRequest.decided',
      resource: `table:${table.id}`,
      details: { decision: 'approve', userId: person.id, note: 'Until then.', expiresAt },
    });
    expect(canRead(person, table)).toBe(true);
    expect(await listed(person)).toMatchObject([{ status: 'APPROVED', table: { sqlName: table.sqlName } }]);
    const grantId = decided.grant.id as string;
    await mutate(server(), admin, { field: 'revokeTableAccess', input: { grantId } });
    expect(await listed(person)).toMatchObject([{ status: 'APPROVED', table: null }]);
    expect(await request(person, table)).toMatchObject({ __typename: 'RequestTableAccessPayload' });
  });

  test('a denial gives nothing, and one may ask again', async () => {
    const [person, table] = [await newPerson(), await newTable()];
    const { request: asked } = await request(person, table);
    const expiresAt = '2100-01-01T00:00:00.000Z';
    expect(await decide(asked.id, 'DENY', { expiresAt })).toMatchObject({ __typename: 'InvalidInputError' });
    expect(await decide(asked.id, 'DENY')).toMatchObject({ request: { status: 'DENIED', note: null }, grant: null });
    expect(canRead(person, table)).toBe(false);
    expect(await request(person, table)).toMatchObject({ request: { status: 'PENDING' } });
    expect((await listed(person)).map(({ status }) => status)).toEqual(['PENDING', 'DENIED']);
  });

  test('what contradicts what is there is refused in words, and nothing is recorded', async () => {
    const [person, table] = [await newPerson(), await newTable()];
    const { request: asked } = await request(person, table);
    const decided = await request(await newPerson(), table);
    await decide(decided.request.id, 'DENY');
    const before = await eventCount(server());
    expect(await request(person, table)).toMatchObject({
      __typename: 'ConflictError',
      message: 'You have asked for this table already; your request has not been decided yet.',
    });
    expect(await request(admin, table)).toMatchObject({
      __typename: 'ConflictError',
      message: `You can read ${table.sqlName} already.`,
    });
    expect(await decide(decided.request.id, 'APPROVE')).toMatchObject({
      __typename: 'ConflictError',
      message: `This request was denied by ${admin.email} already.`,
    });
    expect(await request(person, { id: 'none' })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await decide('AccessRequest:none', 'DENY')).toMatchObject({ __typename: 'NotFoundError' });
    expect(await decide(`Table:${table.id}`, 'DENY')).toMatchObject({ __typename: 'NotFoundError' });
    for (const reason of ['', '   ', 'x'.repeat(2001)]) {
      expect(await request(person, table, reason)).toMatchObject({ fields: [{ path: 'reason' }] });
    }
    const long = { note: 'x'.repeat(2001) };
    expect(await decide(asked.id, 'DENY', long)).toMatchObject({ fields: [{ path: 'note' }] });
    const past = { expiresAt: '2001-01-01T00:00:00.000Z' };
    expect(await decide(asked.id, 'APPROVE', past)).toMatchObject({ fields: [{ path: 'expiresAt' }] });
    expect(await eventCount(server())).toBe(before);
    expect(await listed(person)).toMatchObject([{ status: 'PENDING' }]);
  });

  test('a denial that stands is told to who approves, wherever it stands', async () => {
    const [person, table] = [await newPerson(), await newTable()];
    const { request: asked } = await request(person, table);
    const run = server().run;
    const own = await run(grantTableAccess, { tableId: table.id, userId: person.id, effect: 'deny' });
    const wide = await run(grantTableAccess, { source: 'shop', roleKey: 'core.viewer', effect: 'deny' });
    expect(await decide(asked.id, 'APPROVE')).toMatchObject({
      __typename: 'ConflictError',
      message: `A denial on ${table.sqlName} to ${person.email} stands against it; revoke that first, or deny.`,
    });
    await run(revokeTableAccess, { grantId: own.id });
    expect(await decide(asked.id, 'APPROVE')).toMatchObject({
      message: 'A denial on the source shop to the role core.viewer stands against it; revoke that first, or deny.',
    });
    await run(revokeTableAccess, { grantId: wide.id });
    await server().deactivate(person);
    expect(await decide(asked.id, 'APPROVE')).toMatchObject({ __typename: 'ConflictError' });
    expect(await decide(asked.id, 'DENY')).toMatchObject({ request: { status: 'DENIED' } });
  });

  test('everybody sees their own requests and no others; who has just lost the role sees none and asks no more', async () => {
    const [one, other] = [await newPerson(), await newPerson()];
    const [first, second] = [await newTable(), await newTable()];
    await request(one, first);
    await request(other, first);
    await request(one, second);
    expect((await listed(one)).map(({ tableId }) => tableId)).toEqual([`Table:${second.id}`, `Table:${first.id}`]);
    expect((await listed(one)).every(({ user }) => (user as { email: string }).email === one.email)).toBe(true);
    const page = await ask(server(), {
      as: one,
      query: '{ accessRequests(first: 1) { edges { node { tableId } } pageInfo { hasNextPage endCursor } } }',
    });
    const { endCursor } = page.data.accessRequests.pageInfo;
    expect((await listed(one, `(first: 5, after: "${endCursor}")`)).map(({ tableId }) => tableId)).toEqual([
      `Table:${first.id}`,
    ]);
    const [grant] = server().open.services.accessIndex.grantsOf(one.id);
    await mutate(server(), admin, { field: 'revokeRole', input: { grantId: `RoleGrant:${grant!.id}` } });
    const { errors } = await ask(server(), { as: one, query: '{ accessRequests { edges { node { id } } } }' });
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.viewer' });
    await expect(request(one, await newTable())).rejects.toThrow('FORBIDDEN');
  });

  test('administrators hear of a request, its asker of the decision, and nobody else of either', async () => {
    const [person, other, table] = [await newPerson(), await newPerson(), await newTable()];
    const clients = [admin, person, other].map(({ token }) => connectSocket(server(), { token }));
    const [boss, asker, stranger] = clients.map((client) => listen(client, subscription));
    await Promise.all(clients.map((client) => askSocket(client, '{ __typename }')));
    const { request: asked } = await request(person, table, 'Please.');
    await decide(asked.id, 'APPROVE', { note: 'Welcome.' });
    await until(() => boss!.results.length === 1 && asker!.results.length === 1);
    expect(boss!.results[0]?.data?.['notifications']).toEqual({
      __typename: 'AccessRequestMade',
      request: { reason: 'Please.', user: { email: person.email }, table: { sqlName: table.sqlName } },
    });
    expect(asker!.results[0]?.data?.['notifications']).toEqual({
      __typename: 'AccessRequestDecided',
      request: { status: 'APPROVED', note: 'Welcome.', table: { sqlName: table.sqlName } },
    });
    await Promise.all(clients.map((client) => askSocket(client, '{ __typename }')));
    expect([boss!.results.length, asker!.results.length, stranger!.results.length]).toEqual([1, 1, 0]);
    for (const client of clients) await client.dispose();
  });

  test('requests and grants go with their table', async () => {
    const [person, table, kept] = [await newPerson(), await newTable(), await newTable()];
    await request(person, table);
    await request(person, kept);
    await server().run(grantTableAccess, { tableId: table.id, roleKey: 'core.analyst' });
    const { store, tableAccess } = server().open.services;
    const removed = await store.write((tx) => removeSharingOfTable(tx, table.id));
    expect(removed).toEqual({ tableGrants: 1, accessRequests: 1 });
    expect(tableAccess.grantsOn(table.id)).toEqual([]);
    expect((await listed(person)).map(({ tableId }) => tableId)).toEqual([`Table:${kept.id}`]);
  });
});
