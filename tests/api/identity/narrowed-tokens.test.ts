import { beforeAll, expect, test } from 'vitest';
import { createRole } from '../../../src/access/create-role.ts';
import { grantRole } from '../../../src/access/grant-role.ts';
import { revokeRole } from '../../../src/access/revoke-role.ts';
import type { Table } from '../../../src/registry/table.ts';
import { decideAccessRequest } from '../../../src/sharing/decide-access-request.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { unregisterTable } from '../../../src/sync/unregister-table.ts';
import { connectSocket, ask, type Shown, type TestPerson } from '../../kit/server.ts';
import { ask as askSocket, listen, type Result } from '../../server/socket-client.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

function publishedIn({ data }: Result): string[] {
  const event = data?.['syncEvents'] as { table?: { sqlName: string } } | undefined;
  return event?.table ? [event.table.sqlName] : [];
}

const everything = `{
  tables(first: 100) { edges { node { sqlName } } }
  viewer { tableAccess { edges { node { table { sqlName } } } } effectiveRoles { role { key } } credential { kind } }
}`;

describeServersOnBoth((server) => {
  let ada: TestPerson;
  let tables: Record<'orders' | 'items' | 'secrets' | 'shortLived', Table>;

  beforeAll(async () => {
    ada = await server().person('ada', ['core.analyst']);
    tables = {
      orders: await server().registerFile('orders', 'id\n1\n'),
      items: await server().registerFile('items', 'id\n2\n'),
      secrets: await server().registerFile('secrets', 'id\n3\n'),
      shortLived: await server().registerFile('short_lived', 'id\n4\n'),
    };
    await server().sync();
    for (const { id } of [tables.orders, tables.items, tables.shortLived]) {
      await server().run(grantTableAccess, { tableId: id, userId: ada.id });
    }
  });

  const globalIds = (...named: Table[]) => named.map(({ id }) => `Table:${id}`);

  async function make(input: Record<string, unknown>, person = ada): Promise<Shown> {
    const made = await mutate(
      server(),
      { session: person.session },
      {
        field: 'createToken',
        input: { name: 'narrow', ...input },
        payload: 'secret',
      },
    );
    expect(made).toMatchObject({ __typename: 'CreateTokenPayload' });
    return { token: made.secret };
  }

  async function seenBy(as: Shown) {
    const { data } = await ask(server(), { as, query: everything });
    const named = (edges: { node: { sqlName: string } }[]) => edges.map(({ node }) => node.sqlName);
    const access = data.viewer.tableAccess.edges.map((edge: { node: { table: { sqlName: string } } }) => ({
      node: edge.node.table,
    }));
    expect(named(access)).toEqual(named(data.tables.edges));
    return {
      tables: named(data.tables.edges),
      roles: data.viewer.effectiveRoles.map(({ role }: { role: { key: string } }) => role.key),
    };
  }

  async function sql(as: Shown, statement: string) {
    const { data, errors } = await ask(server(), {
      as,
      query: 'query ($statement: String!) { sql(statement: $statement) { rows } }',
      variables: { statement },
    });
    return data?.sql?.rows ?? errors?.[0]?.extensions['code'];
  }

  test('a token for some tables reads these and no others, in lists and in statements, and shows what it is', async () => {
    const as = await make({ tableIds: globalIds(tables.orders) });
    expect((await newestEvent(server())).details).toMatchObject({
      readOnly: false,
      tableIds: [tables.orders.id],
      roleKeys: null,
    });
    expect((await seenBy(as)).tables).toEqual(['shop.orders']);
    expect(await sql(as, 'SELECT id FROM shop.orders')).toHaveLength(1);
    const hidden = await sql(as, 'SELECT id FROM shop.items');
    expect(hidden).toBe(await sql(as, 'SELECT id FROM shop.nothing'));
    expect(await sql({ token: ada.token }, 'SELECT id FROM shop.items')).toHaveLength(1);
    const query = '{ viewer { tokens { name readOnly tableIds roleKeys } } }';
    const { data } = await ask(server(), { as, query });
    expect(data.viewer.tokens).toContainEqual({
      name: 'narrow',
      readOnly: false,
      tableIds: globalIds(tables.orders),
      roleKeys: null,
    });
  });

  test('a read-only token reads and changes nothing, whatever role its owner has', async () => {
    const admin = await server().person('careful', ['core.admin']);
    const as = await make({ readOnly: true }, admin);
    expect((await seenBy(as)).tables).toContain('shop.secrets');
    expect(await sql(as, 'SELECT id FROM shop.secrets')).toHaveLength(1);
    for (const document of [
      'mutation { createUser(input: { email: "made@example.com" }) { __typename } }',
      'mutation { revokeToken(input: { id: "Token:nothing" }) { __typename } }',
      'mutation { exportSql(input: { statement: "SELECT 1", format: CSV }) { __typename } }',
    ]) {
      const { errors } = await ask(server(), { as, query: document });
      expect(errors?.[0]?.extensions).toEqual({ code: 'READ_ONLY_TOKEN' });
    }
    const { data } = await ask(server(), { as, query: '{ user(email: "made@example.com") { id } }' });
    expect(data.user).toBeNull();
  });

  test('a token with fewer roles keeps these and what they imply, and a role it never had comes with none', async () => {
    const as = await make({ roleKeys: ['core.viewer'] });
    expect((await seenBy(as)).roles).toEqual(['core.viewer']);
    const admin = await server().person('head', ['core.admin']);
    const small = await make({ roleKeys: ['core.viewer'] }, admin);
    expect((await seenBy(small)).tables).toEqual([]);
    const { errors } = await ask(server(), { as: small, query: '{ users { edges { cursor } } }' });
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.admin' });
  });

  test('an administrator’s token for some tables administers nothing and curates nothing', async () => {
    const admin = await server().person('chief', ['core.admin']);
    const as = await make({ tableIds: globalIds(tables.secrets) }, admin);
    const roles = ['core.analyst', 'core.viewer'];
    expect(await seenBy(as)).toEqual({ tables: ['shop.secrets'], roles });
    const definition = { category: 'shop', name: 'items', displayName: 'Items', table: 'shop.items', type: 'COUNT' };
    const input = { ...definition, grain: 'DAILY', sql: 'SELECT count(*) FROM shop.items' };
    const saved = await mutate(server(), { session: admin.session }, { field: 'saveMetric', input });
    expect(saved).toEqual({ __typename: 'SaveMetricPayload' });
    const metrics = '{ metrics { totalCount } }';
    expect((await ask(server(), { as: { token: admin.token }, query: metrics })).data.metrics.totalCount).toBe(1);
    expect((await ask(server(), { as, query: metrics })).data.metrics.totalCount).toBe(0);
    for (const field of ['users', 'sources', 'auditEvents', 'tokens', 'syncRuns']) {
      const { errors } = await ask(server(), { as, query: `{ ${field} { __typename } }` });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  test('giving up a role gives no table that a denying grant to that role takes from the owner', async () => {
    const role = 'shop.careful';
    await server().run(createRole, { key: role, displayName: 'Careful' });
    const person = await server().person('denied', ['core.viewer']);
    await server().run(grantRole, { userId: person.id, roleKey: role });
    await server().run(grantTableAccess, { tableId: tables.items.id, userId: person.id });
    await server().run(grantTableAccess, { tableId: tables.items.id, roleKey: role, effect: 'deny' });
    expect((await seenBy(await make({ roleKeys: ['core.viewer'] }, person))).tables).toEqual([]);
  });

  test('an export by a token for all tables is not there for one for some', async () => {
    const narrow = await make({ tableIds: globalIds(tables.orders) });
    const start = (as: Shown, statement: string) =>
      mutate(server(), as, { field: 'exportSql', input: { statement, format: 'CSV' }, payload: 'export { id }' });
    const wide = await start({ token: ada.token }, 'SELECT id FROM shop.items');
    const own = await start(narrow, 'SELECT id FROM shop.orders');
    expect(own).toMatchObject({ __typename: 'ExportSqlPayload' });
    await server().open.exportRunner.idle();
    const list = '{ viewer { exports { id state } } }';
    const seen = (await ask(server(), { as: narrow, query: list })).data.viewer.exports;
    expect(seen).toEqual([{ id: own.export.id, state: 'SUCCEEDED' }]);
    const one = await ask(server(), { as: narrow, query: `{ export(id: "${wide.export.id}") { id } }` });
    expect(one.data).toEqual({ export: null });
    await expect(start(narrow, 'SELECT id FROM shop.items')).rejects.toThrow('STATEMENT_REFUSED');
  });

  test('events of tables that are not listed are kept from it, beside a token with the same tables as its owner', async () => {
    const narrow = connectSocket(server(), await make({ tableIds: globalIds(tables.orders) }));
    const wide = connectSocket(server(), { token: ada.token });
    try {
      const document = 'subscription { syncEvents { ... on SyncTablePublished { table { sqlName } } } }';
      const heard = [listen(narrow, document), listen(wide, document)];
      await Promise.all([askSocket(narrow, '{ __typename }'), askSocket(wide, '{ __typename }')]);
      await server().sync();
      const names = (index: number) => heard[index]!.results.flatMap((result) => publishedIn(result)).toSorted();
      await expect.poll(() => names(1)).toEqual(['shop.items', 'shop.orders', 'shop.short_lived']);
      expect(names(0)).toEqual(['shop.orders']);
    } finally {
      await Promise.all([narrow.dispose(), wide.dispose()]);
    }
  });

  test('its owner’s access requests for tables that are not listed do not exist for it, nor without the role do any', async () => {
    const person = await server().person('asking', ['core.analyst']);
    await server().run(grantTableAccess, { tableId: tables.orders.id, userId: person.id });
    const asked = await mutate(server(), person, {
      field: 'requestTableAccess',
      input: { tableId: `Table:${tables.secrets.id}`, reason: 'To know.' },
      payload: 'request { id }',
    });
    const id = asked.request.id as string;
    await server().run(createRole, { key: 'asking.own', displayName: 'Own', implies: [] });
    await server().run(grantRole, { userId: person.id, roleKey: 'asking.own' });
    const someTables = await make({ tableIds: globalIds(tables.orders) }, person);
    const readOnly = await make({ readOnly: true }, person);
    const otherRole = await make({ roleKeys: ['asking.own'] }, person);
    const query = `query ($id: ID!) { accessRequests { edges { node { id } } } node(id: $id) { id } }`;
    const seen = async (as: Shown) => (await ask(server(), { as, query, variables: { id } })).data;
    expect(await seen(readOnly)).toEqual({ accessRequests: { edges: [{ node: { id } }] }, node: { id } });
    expect(await seen(someTables)).toEqual({ accessRequests: { edges: [] }, node: null });
    expect(await seen(otherRole)).toEqual({ accessRequests: null, node: null });
    const sockets = [readOnly, someTables, otherRole].map((as) => connectSocket(server(), as));
    try {
      const document = 'subscription { notifications { ... on AccessRequestDecided { request { id } } } }';
      const heard = sockets.map((socket) => listen(socket, document));
      for (const socket of sockets) await askSocket(socket, '{ __typename }');
      await server().run(decideAccessRequest, { id: id.replace('AccessRequest:', ''), decision: 'deny' });
      await expect.poll(() => heard[0]!.results.length).toBe(1);
      for (const socket of sockets) await askSocket(socket, '{ __typename }');
      expect(heard.map(({ results }) => results.length)).toEqual([1, 0, 0]);
    } finally {
      for (const socket of sockets) await socket.dispose();
    }
  });

  test('it is told of changes of what it reads itself: those of its owner alone it does not hear, and its own alone it does', async () => {
    const person = await server().person('hearing', ['core.analyst']);
    const { orders, items, secrets } = tables;
    await server().run(grantTableAccess, { tableId: orders.id, userId: person.id });
    const { id: ofRole } = await server().run(grantTableAccess, { tableId: secrets.id, roleKey: 'core.analyst' });
    const shown = [
      { token: person.token },
      await make({ tableIds: globalIds(orders) }, person),
      await make({ roleKeys: ['core.viewer'] }, person),
    ];
    const sockets = shown.map((as) => connectSocket(server(), as));
    try {
      const document = 'subscription { accessChanged { added { sqlName } removed roles { key } } }';
      const heard = sockets.map((socket) => listen(socket, document));
      const told = () => heard.map(({ results }) => results.map(({ data }) => data?.['accessChanged']));
      const settle = async () => {
        for (const socket of sockets) await askSocket(socket, '{ __typename }');
      };
      await settle();
      // The owner reads it already; with the role of the third token alone nobody did.
      const toRole = await server().run(grantTableAccess, { tableId: secrets.id, roleKey: 'core.viewer' });
      const roles = [{ key: 'core.viewer' }];
      await expect.poll(() => told()[2]).toEqual([{ added: [{ sqlName: 'shop.secrets' }], removed: [], roles }]);
      // For the owner and the third token; the second does not list it.
      const given = await server().run(grantTableAccess, { tableId: items.id, userId: person.id });
      await expect.poll(() => told().map(({ length }) => length)).toEqual([1, 0, 2]);
      expect(told()[0]).toEqual([expect.objectContaining({ added: [{ sqlName: 'shop.items' }], removed: [] })]);
      await server().run(revokeTableAccess, { grantId: toRole.id });
      await expect.poll(() => told()[2]?.[2]).toEqual({ added: [], removed: [`Table:${secrets.id}`], roles });
      await server().run(revokeTableAccess, { grantId: given.id });
      await expect.poll(() => told().map(({ length }) => length)).toEqual([2, 0, 4]);
      await settle();
      expect(told()[1]).toEqual([]);
    } finally {
      for (const socket of sockets) await socket.dispose();
      await server().run(revokeTableAccess, { grantId: ofRole });
    }
  });

  test('it ends with its owner’s rights: a table that is unregistered, a grant and a role that are revoked', async () => {
    const person = await server().person('fading', []);
    const grant = await server().run(grantRole, { userId: person.id, roleKey: 'core.viewer' });
    await server().run(grantTableAccess, { tableId: tables.shortLived.id, userId: person.id });
    const given = await server().run(grantTableAccess, { tableId: tables.orders.id, userId: person.id });
    const as = await make({ tableIds: globalIds(tables.orders, tables.shortLived), roleKeys: ['core.viewer'] }, person);
    expect((await seenBy(as)).tables).toEqual(['shop.orders', 'shop.short_lived']);
    await server().run(unregisterTable, { id: tables.shortLived.id });
    expect((await seenBy(as)).tables).toEqual(['shop.orders']);
    await server().run(revokeTableAccess, { grantId: given.id });
    expect((await seenBy(as)).tables).toEqual([]);
    await server().run(revokeRole, { grantId: grant.id });
    const { errors } = await ask(server(), { as, query: '{ tables { totalCount } }' });
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.viewer' });
    await server().deactivate(person);
    expect((await ask(server(), { as, query: '{ viewer { email } }' })).status).toBe(401);
  });

  test('what the owner has not got cannot be listed, and no list is empty', async () => {
    const refused = (input: Record<string, unknown>) =>
      mutate(server(), { session: ada.session }, { field: 'createToken', input: { name: 'x', ...input } });
    expect(await refused({ tableIds: globalIds(tables.secrets) })).toMatchObject({ fields: [{ path: 'tableIds.0' }] });
    expect(await refused({ tableIds: ['Table:nothing'] })).toMatchObject({ fields: [{ path: 'tableIds.0' }] });
    expect(await refused({ tableIds: ['nothing'] })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await refused({ tableIds: [] })).toMatchObject({ fields: [{ path: 'tableIds' }] });
    expect(await refused({ roleKeys: ['core.admin'] })).toMatchObject({ fields: [{ path: 'roleKeys.0' }] });
    expect(await refused({ roleKeys: [] })).toMatchObject({ fields: [{ path: 'roleKeys' }] });
  });

  test('a token lives for 90 days unless said otherwise, and for ever when told so', async () => {
    const make = async (input: Record<string, unknown>) => {
      const { token } = await mutate(
        server(),
        { session: ada.session },
        {
          field: 'createToken',
          input: { name: 'long', ...input },
          payload: 'token { createdAt expiresAt }',
        },
      );
      return token.expiresAt && (Date.parse(token.expiresAt) - Date.parse(token.createdAt)) / 86_400_000;
    };
    expect([await make({}), await make({ expiresInDays: 3650 }), await make({ expiresInDays: null })]).toEqual([
      90,
      3650,
      null,
    ]);
  });
});
