import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { LastAdminError } from '../../../src/access/administrator-remains.ts';
import { insertIdentity } from '../../../src/identity/identity.store.ts';
import { createUser } from '../../../src/people/create-user.ts';
import { replaceExternalGroups } from '../../../src/people/replace-external-groups.ts';
import { deleteUser as deletion } from '../../../src/sharing/delete-user.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { ask, connectSocket, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { letDeviceIn } from '../identity/device-flow.ts';
import { sendUpload } from '../distribution/send-upload.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const whoAmI = '{ viewer { email } }';
const payload =
  'id email removed { sessions tokens devices identities roleGrants externalGroups tableGrants accessRequests exports syncChoices uploads }';

describeServersOnBoth((server) => {
  let admin: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    await server().registerFile('orders', 'id\n1\n');
    await server().registerFile('costs', 'id\n1\n');
    await server().registerFile('unread', 'id\n1\n');
  });

  function deleteUser(id: string, as: TestPerson = admin) {
    return mutate(server(), as, { field: 'deleteUser', input: { id }, payload });
  }

  function groupMembers(groupId: string): number {
    const groups = server().open.services.accessIndex.knownGroups();
    return groups.find(({ id }) => id === groupId)?.memberCount ?? 0;
  }

  /** Somebody with a row in every table that can name a user, and what the user did in the audit. */
  async function richPerson(name: string): Promise<TestPerson> {
    const person = await server().person(name, ['core.analyst', 'core.km_admin']);
    const tables = server().open.services.registry.tables();
    await server().open.services.store.write((tx) =>
      replaceExternalGroups(tx, { userId: person.id, provider: 'idp', groups: [{ id: 'eng' }, { id: 'ops' }] }),
    );
    await server().open.services.store.write((tx) =>
      insertIdentity(tx, {
        issuer: 'https://id.example.com',
        subject: name,
        userId: person.id,
        email: person.email,
        provider: 'idp',
      }),
    );
    await server().run(grantTableAccess, { tableId: tables[0]!.id, userId: person.id });
    await server().run(grantTableAccess, { tableId: tables[1]!.id, userId: person.id, effect: 'deny' });
    for (const { id } of tables.slice(2)) {
      const input = { tableId: `Table:${id}`, reason: 'To know.' };
      await mutate(server(), person, { field: 'requestTableAccess', input });
    }
    const made = await mutate(
      server(),
      { session: person.session },
      {
        field: 'createToken',
        input: { name: 'spare' },
        payload: 'token { id }',
      },
    );
    const id = made.token.id as string;
    expect(await mutate(server(), person, { field: 'revokeToken', input: { id } })).toMatchObject({
      __typename: 'RevokeTokenPayload',
    });
    await mutate(server(), person, { field: 'chooseSyncTables', input: { tableIds: [] } });
    const note = await sendUpload(server(), person, { name: 'notes/plan.md', content: `The plan of ${name}.` });
    expect(note.status).toBe(201);
    const exported = { statement: 'SELECT 1', format: 'CSV' };
    expect(await mutate(server(), person, { field: 'exportSql', input: exported })).toMatchObject({
      __typename: 'ExportSqlPayload',
    });
    expect(await letDeviceIn(server(), person)).toHaveProperty('access_token');
    const { store, auditBatch } = server().open.services;
    await auditBatch.flush(store);
    return person;
  }

  test('removes whatever names the user and nothing of others; the audit stays', async () => {
    const person = await richPerson('gone');
    const stays = await richPerson('stays');
    const others = await placesOf(server(), stays.id);
    expect(await placesOf(server(), person.id)).toEqual({
      'access_requests.user_id': 1,
      'audit_events.actor_id': 9,
      'devices.user_id': 1,
      'exports.user_id': 1,
      'external_group_members.user_id': 2,
      'identities.user_id': 1,
      'role_grants.user_id': 2,
      'sessions.user_id': 1,
      'sync_choices.user_id': 1,
      'table_grants.grantee_id': 2,
      'tokens.user_id': 2,
      'uploads.user_id': 1,
      'users.id': 1,
    });
    const count = await eventCount(server());
    const removed = {
      sessions: 1,
      tokens: 2,
      devices: 1,
      identities: 1,
      roleGrants: 2,
      externalGroups: 2,
      tableGrants: 2,
      accessRequests: 1,
      exports: 1,
      syncChoices: 1,
      uploads: 1,
    };
    expect(await deleteUser(`User:${person.id}`)).toEqual({
      __typename: 'DeleteUserPayload',
      id: `User:${person.id}`,
      email: person.email,
      removed,
    });
    expect(await eventCount(server())).toBe(count + 1);
    expect(await newestEvent(server())).toEqual({
      actor: admin.email,
      credential: 'pat',
      action: 'user.deleted',
      resource: `user:${person.id}`,
      details: { email: person.email, removed },
    });
    expect(await placesOf(server(), person.id)).toEqual({ 'audit_events.actor_id': 9 });
    expect(await placesOf(server(), stays.id)).toEqual(others);
    expect((await ask(server(), { as: stays, query: whoAmI })).data).toEqual({ viewer: { email: stays.email } });
  });

  test('every column that names a user is known here: deleting must mind a new one', async () => {
    const columns = (await textColumns(server())).filter((column) => /user_id$|grantee_id$|actor_id$/.test(column));
    expect(columns).toEqual([
      'access_requests.user_id',
      'audit_events.actor_id',
      'device_requests.user_id',
      'devices.user_id',
      'exports.user_id',
      'external_group_members.user_id',
      'identities.user_id',
      'one_time_secrets.user_id',
      'predecessor_knowledge_votes.user_id',
      'predecessor_sync_settings.user_id',
      'predecessor_telegram_links.user_id',
      'role_grants.user_id',
      'sessions.user_id',
      'sync_choices.user_id',
      'table_grants.grantee_id',
      'tokens.user_id',
      'uploads.user_id',
    ]);
  });

  test('ends session, token and open subscriptions at once, and empties the indexes', async () => {
    const person = await richPerson('connected');
    const others = groupMembers('eng') - 1;
    const { accessIndex, tableAccess, credentials, clock, store } = server().open.services;
    const tokens = await store.db.selectFrom('tokens').selectAll().where('user_id', '=', person.id).execute();
    const [table] = server().open.services.registry.tables();
    const bare = { userId: person.id, roles: new Set<string>() };
    expect(tableAccess.canRead(bare, table!.id)).toBe(true);
    const clients = [connectSocket(server(), { session: person.session }), connectSocket(server(), person)];
    try {
      const listeners = clients.map((client) => listen(client, 'subscription { syncEvents { id } }'));
      for (const client of clients) await askSocket(client, '{ __typename }');
      await deleteUser(`User:${person.id}`);
      expect((await ask(server(), { as: { token: person.token }, query: whoAmI })).status).toBe(401);
      expect((await ask(server(), { as: { session: person.session }, query: whoAmI })).data.viewer).toBeNull();
      for (const { ended } of listeners) {
        expect(await ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      }
      for (const client of clients) await expect(askSocket(client, whoAmI)).rejects.toMatchObject({ code: 4401 });
    } finally {
      for (const client of clients) await client.dispose();
    }
    expect(accessIndex.user(person.id)).toBeUndefined();
    expect(accessIndex.userByEmail(person.email)).toBeUndefined();
    expect(accessIndex.grantsOf(person.id)).toEqual([]);
    expect(groupMembers('eng')).toBe(others);
    expect(tableAccess.canRead(bare, table!.id)).toBe(false);
    expect(tokens).toHaveLength(2);
    for (const { id } of tokens) expect(credentials.findById(id, clock.now())).toBeNull();
    const { data } = await ask(server(), {
      as: admin,
      query: '{ tables { edges { node { tableGrants { effect user { id } } } } } users { edges { node { email } } } }',
    });
    expect(data.tables.edges).toHaveLength(3);
    expect(JSON.stringify(data)).not.toContain(person.id);
    expect(JSON.stringify(data)).not.toContain(person.email);
    expect(JSON.stringify(data)).not.toContain('"user":null');
  });

  test('the address is free: who comes next under it is somebody else, with nothing', async () => {
    const person = await richPerson('reborn');
    await deleteUser(`User:${person.id}`);
    const next = await server().run(createUser, { email: person.email });
    expect(next.id).not.toBe(person.id);
    expect(await placesOf(server(), next.id)).toEqual({ 'users.id': 1 });
    expect(server().open.services.accessIndex.rolesOf(next.id).size).toBe(0);
    expect((await ask(server(), { as: { token: person.token }, query: whoAmI })).status).toBe(401);
  });

  test('oneself is refused', async () => {
    const count = await eventCount(server());
    expect(await deleteUser(`User:${admin.id}`)).toEqual({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: 'You cannot delete yourself; ask another administrator.',
    });
    expect(await eventCount(server())).toBe(count);
  });

  test('the last administrator stays with everything, whoever asks; one who is not active may go', async () => {
    const inactive = await server().person('inactive-admin', ['core.admin']);
    await server().deactivate(inactive);
    const before = await placesOf(server(), admin.id);
    await expect(server().run(deletion, { id: admin.id })).rejects.toBeInstanceOf(LastAdminError);
    expect(await placesOf(server(), admin.id)).toEqual(before);
    expect((await ask(server(), { as: admin, query: whoAmI })).data.viewer).toEqual({ email: admin.email });
    expect(await deleteUser(`User:${inactive.id}`)).toMatchObject({ __typename: 'DeleteUserPayload' });
  });

  test('of two administrators who delete each other at the same instant exactly one remains', async () => {
    for (let round = 0; round < 10; round += 1) {
      const left = await server().person(`left${round}`, ['core.admin']);
      const right = await server().person(`right${round}`, ['core.admin']);
      const outcomes = await Promise.allSettled([
        deleteUser(`User:${left.id}`, right),
        deleteUser(`User:${right.id}`, left),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const remaining = [left, right].filter(({ id }) => server().open.services.accessIndex.user(id));
      expect(remaining).toHaveLength(1);
      await deleteUser(`User:${remaining[0]!.id}`);
    }
  });

  test('whoever is not there cannot be deleted', async () => {
    const person = await server().person('once', []);
    await deleteUser(`User:${person.id}`);
    const count = await eventCount(server());
    for (const id of [`User:${person.id}`, 'User:none', person.id, '']) {
      expect(await deleteUser(id)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    }
    expect(await eventCount(server())).toBe(count);
  });
});

/** In which columns of the state this id stands, and in how many rows. */
async function placesOf(server: TestServer, id: string): Promise<Record<string, number>> {
  const places: Record<string, number> = {};
  for (const place of await textColumns(server)) {
    const [table = '', column = ''] = place.split('.');
    const query = sql<{
      rows: unknown;
    }>`select count(*) as rows from ${sql.table(table)} where ${sql.ref(column)} = ${id}`;
    const { rows } = await query.execute(server.open.services.store.db);
    if (Number(rows[0]!.rows) > 0) places[place] = Number(rows[0]!.rows);
  }
  return places;
}

/** Every column of text of the state database, as `table.column`. */
async function textColumns(server: TestServer): Promise<string[]> {
  const { rows } = await sql<{ table_name: string; column_name: string }>`
    select table_name, column_name from information_schema.columns
    where table_schema in ('main', 'public') and data_type in ('text', 'VARCHAR')
  `.execute(server.open.services.store.db);
  return rows.map(({ table_name: table, column_name: column }) => `${table}.${column}`).toSorted();
}
