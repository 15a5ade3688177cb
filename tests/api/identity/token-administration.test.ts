import { beforeAll, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { deleteUser } from '../../../src/sharing/delete-user.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

describeServersOnBoth((server) => {
  let admin: TestPerson;
  let ada: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    ada = await server().person('ada', ['core.viewer']);
  });

  async function query(text: string, variables: Record<string, unknown> = {}, as = admin) {
    return ask(server(), { as, query: text, variables });
  }

  async function flush(): Promise<void> {
    const { store, lastUse, auditBatch } = server().open.services;
    await lastUse.flush(store);
    await auditBatch.flush(store);
  }

  test('an administrator sees everybody’s tokens page by page, or one user’s, and ends them', async () => {
    const list = `query ($user: ID, $after: String) { tokens(user: $user, first: 1, after: $after) {
      edges { node { id name owner { email } revokedAt lastUsedAddress } } pageInfo { hasNextPage endCursor } } }`;
    const owners: string[] = [];
    for (let after: string | null = null; ;) {
      const { data } = await query(list, { after });
      owners.push(...data.tokens.edges.map((edge: { node: { owner: { email: string } } }) => edge.node.owner.email));
      if (!data.tokens.pageInfo.hasNextPage) break;
      after = data.tokens.pageInfo.endCursor;
    }
    expect(owners.toSorted()).toEqual([ada.email, admin.email]);
    const mine = await query(list, { user: `User:${ada.id}` });
    expect(mine.data.tokens.edges).toHaveLength(1);
    const [{ node }] = mine.data.tokens.edges;
    expect(node).toMatchObject({ name: 'test', owner: { email: ada.email }, revokedAt: null });
    const spare = await server().person('spare', []);
    const { data } = await query(`query ($email: String) { user(email: $email) { tokens { id } } }`, {
      email: spare.email,
    });
    await mutate(server(), admin, { field: 'revokeToken', input: { id: data.user.tokens[0].id } });
    expect((await query('{ viewer { email } }', {}, spare)).status).toBe(401);
  });

  test('somebody else’s tokens are for administrators only', async () => {
    const person = await server().person('curious', ['core.km_admin']);
    const { errors } = await query('{ tokens { edges { cursor } } }', {}, person);
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.admin' });
    const node = 'query { viewer { tokens { owner { email tokens { id } } } } }';
    const answer = await query(node, {}, person);
    expect(answer.data.viewer.tokens).toEqual([{ owner: { email: person.email, tokens: null } }]);
    expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
  });

  test('the first use from an address is audited once and shown with the token', async () => {
    const person = await server().person('traveller', ['core.viewer']);
    for (let round = 0; round < 3; round += 1) await query('{ viewer { email } }', {}, person);
    const { store } = server().open.services;
    const page = { limit: 10, actor: person.email, action: 'token.usedFromNewAddress' };
    // A flush of the server’s own may be on its way.
    await expect
      .poll(async () => {
        await flush();
        return (await listAuditEvents(store, page)).length;
      })
      .toBe(1);
    const seen = await listAuditEvents(store, page);
    expect(seen).toMatchObject([
      { resource: expect.stringMatching(/^token:/), details: { address: '127.0.0.1' }, credential: 'pat' },
    ]);
    const { data } = await query('{ viewer { tokens { lastUsedAt lastUsedAddress } } }', {}, person);
    expect(data.viewer.tokens).toEqual([{ lastUsedAt: expect.any(String), lastUsedAddress: '127.0.0.1' }]);
    const rows = await store.db.selectFrom('token_addresses').selectAll().execute();
    expect(rows.filter(({ token_id: id }) => seen[0]!.resource === `token:${id}`)).toHaveLength(1);
  });

  test('what goes along is told beforehand, nothing is changed by asking, and nothing is left afterwards', async () => {
    const person = await server().person('leaving', ['core.viewer', 'core.analyst']);
    await query('{ viewer { email } }', {}, person);
    await flush();
    const { store } = server().open.services;
    const text =
      'query ($id: ID!) { userRemoval(id: $id) { sessions tokens devices identities roleGrants externalGroups tableGrants accessRequests exports syncChoices uploads } }';
    const expected = {
      sessions: 1,
      tokens: 1,
      devices: 0,
      identities: 0,
      roleGrants: 2,
      externalGroups: 0,
      tableGrants: 0,
      accessRequests: 0,
      exports: 0,
      syncChoices: 0,
      uploads: 0,
    };
    for (let round = 0; round < 2; round += 1) {
      expect((await query(text, { id: `User:${person.id}` })).data.userRemoval).toEqual(expected);
    }
    expect((await query('{ viewer { email } }', {}, person)).data.viewer.email).toBe(person.email);
    expect((await server().run(deleteUser, { id: person.id })).removed).toEqual(expected);
    await flush();
    const tokens = new Set((await store.db.selectFrom('tokens').select('id').execute()).map(({ id }) => id));
    const addresses = await store.db.selectFrom('token_addresses').select('token_id').execute();
    expect(addresses.filter(({ token_id: id }) => !tokens.has(id))).toEqual([]);
  });

  test('audit events are found by actor, action, resource and instant', async () => {
    const made = await mutate(server(), admin, {
      field: 'createUser',
      input: { email: 'found@example.com' },
      payload: 'user { id }',
    });
    const since = new Date(Date.now() + 3_600_000).toISOString();
    const found = async (args: string) => {
      const { data } = await query(`{ auditEvents(${args}) { edges { node { action resource } } } }`);
      return data.auditEvents.edges.map((edge: { node: unknown }) => edge.node);
    };
    const event = { action: 'user.created', resource: String(made.user.id).replace('User', 'user') };
    expect(await found(`resource: "${made.user.id}"`)).toEqual([event]);
    expect(await found('action: "user.created", actor: "Admin@Example.com"')).toEqual([event]);
    expect(await found('actor: "nobody@example.com"')).toEqual([]);
    expect(await found(`since: "${since}"`)).toEqual([]);
    expect(await found('since: "2026-01-01T00:00:00Z", action: "user.created"')).toEqual([event]);
    expect(await found(`actionPrefix: "user.cre", until: "${since}"`)).toEqual([event]);
    for (const args of ['actionPrefix: "ser.created"', 'actionPrefix: "user%"', 'actionPrefix: "user_"']) {
      expect(await found(args)).toEqual([]);
    }
    const at = (await listAuditEvents(server().open.services.store, { limit: 1, action: 'user.created' }))[0]!.at;
    expect(await found(`action: "user.created", until: "${at.toISOString()}"`)).toEqual([]);
    expect(await found(`action: "user.created", since: "${at.toISOString()}"`)).toEqual([event]);
  });
});
