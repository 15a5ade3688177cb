import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { deleteRoleGrant } from '../../src/access/role-grant.store.ts';
import { completeSetup } from '../../src/identity/complete-setup.ts';
import { revokeToken } from '../../src/identity/revoke-token.ts';
import { createUser as createUserOperation } from '../../src/people/create-user.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { ask as askSocket, listen, until } from '../server/socket-client.ts';
import { ask, connectSocket, startTestServer, type Shown, type TestPerson, type TestServer } from '../kit/server.ts';

const whoAmI = '{ viewer { email } }';
const anyRole = '{ roles { key } }';
const createUser = 'mutation { createUser(input: { email: "new@example.com" }) { __typename } }';
const dayMilliseconds = 86_400_000;

let server: TestServer;
let now = new Date('2026-03-01T12:00:00Z');

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => now } });
  await server.person('root', ['core.admin']);
});

afterAll(() => server.close());

afterEach(() => {
  vi.restoreAllMocks();
});

/** The code that refuses this credential at the door of HTTP, or in the first answer. */
async function codeOverHttp(as: Shown, query = anyRole): Promise<unknown> {
  return (await ask(server, { as, query })).errors?.[0]?.extensions['code'] ?? null;
}

/** How a socket that shows this credential is closed; null: it is served. */
async function closedWith(as: Shown): Promise<unknown> {
  const client = connectSocket(server, as);
  try {
    await askSocket(client, whoAmI);
    return null;
  } catch (closed) {
    return (closed as { code: number }).code;
  } finally {
    await client.dispose();
  }
}

describe('a credential that is not good', () => {
  async function expectRefused(as: Shown): Promise<void> {
    expect([await codeOverHttp(as), await closedWith(as)]).toEqual(['UNAUTHENTICATED', 4401]);
  }

  test('a token nobody made', async () => {
    for (const token of ['agnes_pat_wrong', 'x', `agnes_pat_${'A'.repeat(43)}`]) await expectRefused({ token });
  });

  test('a token that is no token at all', async () => {
    const person = await server.person('malformed', ['core.viewer']);
    for (const Authorization of ['', 'Bearer', 'Bearer a b', `Basic ${person.token}`, person.token]) {
      const answer = await ask(server, { as: null, query: anyRole, headers: { Authorization } });
      expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  test('a token that has expired, from that instant on', async () => {
    const person = await server.person('expiring', ['core.viewer']);
    const query =
      'mutation { createToken(input: { name: "short", expiresInDays: 1 }) { ... on CreateTokenPayload { secret } } }';
    const { data } = await ask(server, { as: { session: person.session }, query });
    const as = { token: data.createToken.secret as string };
    const start = now;
    try {
      now = new Date(start.getTime() + dayMilliseconds - 1);
      expect([await codeOverHttp(as), await closedWith(as)]).toEqual([null, null]);
      now = new Date(start.getTime() + dayMilliseconds);
      await expectRefused(as);
    } finally {
      now = start;
    }
  });

  test('a session that has expired', async () => {
    const person = await server.person('old-session', ['core.viewer']);
    const as = { session: person.session };
    expect(await codeOverHttp(as)).toBeNull();
    const start = now;
    try {
      now = new Date(start.getTime() + 14 * dayMilliseconds);
      await expectRefused(as);
    } finally {
      now = start;
    }
  });

  test('an open subscription ends when its credential expires', async () => {
    const person = await server.person('listening', ['core.viewer']);
    const client = connectSocket(server, { session: person.session });
    const start = now;
    try {
      const listener = listen(client, 'subscription { syncEvents { id } }');
      await askSocket(client, whoAmI);
      now = new Date(start.getTime() + 14 * dayMilliseconds);
      expect(await listener.ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    } finally {
      now = start;
      await client.dispose();
    }
  });

  test('a token that was revoked', async () => {
    const person = await server.person('revoked', ['core.viewer']);
    const query = '{ viewer { tokens { id } } }';
    const { data } = await ask(server, { as: { token: person.token }, query });
    await server.run(revokeToken, { id: String(data.viewer.tokens[0].id).replace('Token:', '') });
    await expectRefused({ token: person.token });
  });

  test('a session, or a token, of somebody who is no longer active', async () => {
    const person = await server.person('gone', ['core.admin']);
    await server.deactivate(person);
    await expectRefused({ session: person.session });
    await expectRefused({ token: person.token });
    expect(await ask(server, { as: { session: person.session }, query: whoAmI })).toMatchObject({
      data: { viewer: null },
    });
  });
});

describe('a bad bearer token', () => {
  let person: TestPerson;

  beforeAll(async () => {
    person = await server.person('both', ['core.admin']);
  });

  test.each(['Bearer agnes_pat_wrong', 'Bearer', 'Basic abc', ''])(
    'never falls back to a good cookie: %j',
    async (authorization) => {
      const headers = { Authorization: authorization };
      const answer = await ask(server, { as: { session: person.session }, query: whoAmI, headers });
      expect([answer.status, answer.data]).toEqual([401, undefined]);
      const client = connectSocket(server, { session: person.session }, { ...headers, Origin: server.url });
      try {
        await expect(askSocket(client, whoAmI)).rejects.toMatchObject({ code: 4401 });
      } finally {
        await client.dispose();
      }
    },
  );

  test('a good one wins over a good cookie of somebody else', async () => {
    const other = await server.person('other', []);
    const headers = { Authorization: `Bearer ${other.token}` };
    const answer = await ask(server, { as: { session: person.session }, query: whoAmI, headers });
    expect(answer.data).toEqual({ viewer: { email: other.email } });
  });
});

describe('between the request and its transaction', () => {
  /** Commits `change` once the request has been let in and its input is read; resolves to the answer. */
  async function askWhile(as: Shown, change: Parameters<typeof server.open.services.store.write>[0]) {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const parse = vi.spyOn(createUserOperation.input, 'safeParse');
    const changed = server.open.services.store.write(async (tx) => {
      await change(tx);
      await held;
    });
    try {
      const answer = ask(server, { as, query: createUser });
      await until(() => parse.mock.calls.length > 0);
      letGo();
      return await answer;
    } finally {
      letGo();
      await changed;
    }
  }

  /** What is audited of changes; the first uses of tokens come in by themselves, in batches. */
  async function listChanges() {
    const events = await listAuditEvents(server.open.services.store, { limit: 1_000 });
    return events.filter(({ action }) => action !== 'token.usedFromNewAddress');
  }

  test.each(['session', 'token'] as const)('who has lost the role changes nothing (%s)', async (credential) => {
    const person = await server.person(`loses-role-by-${credential}`, ['core.admin']);
    const [grant] = server.open.services.accessIndex.grantsOf(person.id);
    const before = await listChanges();
    const answer = await askWhile(
      credential === 'session' ? { session: person.session } : { token: person.token },
      (tx) => deleteRoleGrant(tx, grant!),
    );
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.admin' });
    expect(answer.data).toEqual({ createUser: null });
    expect(server.open.services.accessIndex.userByEmail('new@example.com')).toBeUndefined();
    expect(await listChanges()).toEqual(before);
  });

  test('who was made inactive changes nothing', async () => {
    const person = await server.person('made-inactive', ['core.admin']);
    const answer = await askWhile({ session: person.session }, async (tx) => {
      await tx.db.updateTable('users').set({ active: false }).where('id', '=', person.id).execute();
      tx.emit('user', { op: 'put', row: { id: person.id, email: person.email, active: false } });
    });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    expect(server.open.services.accessIndex.userByEmail('new@example.com')).toBeUndefined();
  });
});

describe('the rule is asked before the input', () => {
  const invalid: [string, string][] = [
    ['createUser', 'input: { email: "no address" }'],
    ['createSource', 'input: { name: "No Name", connector: "nothing", config: [] }'],
    ['registerTable', 'input: { source: "", name: "No Name", options: 1 }'],
    ['grantRole', 'input: { userId: "no id", roleKey: "No Role" }'],
    ['revokeRole', 'input: { grantId: "no id" }'],
    ['grantTableAccess', 'input: { tableId: "no id" }'],
    ['revokeTableAccess', 'input: { grantId: "no id" }'],
    ['createGroupMapping', 'input: { externalGroupId: "", roleKey: "No Role" }'],
    ['deleteGroupMapping', 'input: { id: "no id" }'],
    ['createRole', 'input: { key: "No Key", displayName: "" }'],
    ['updateRole', 'input: { key: "No Key", displayName: "" }'],
    ['deleteRole', 'input: { key: "No Key" }'],
    ['startSync', 'input: { source: "", tables: [] }'],
  ];

  test.each(invalid)('%s with an invalid input is FORBIDDEN without the right', async (field, given) => {
    const parse = vi.spyOn(createSource.input, 'safeParse');
    const prepare = vi.spyOn(createSource, 'prepare');
    const person = await server.person(`invalid-${field.toLowerCase()}`, ['core.km_admin']);
    const query = `mutation { ${field}(${given}) { __typename } }`;
    const answer = await ask(server, { as: person, query });
    expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'FORBIDDEN', requiredRole: 'core.admin' },
    ]);
    expect(await codeOverHttp(null, query)).toBe('UNAUTHENTICATED');
    expect([parse.mock.calls, prepare.mock.calls]).toEqual([[], []]);
  });

  test('and with the right it is the input that is refused, so that the test above can fail', async () => {
    const parse = vi.spyOn(createSource.input, 'safeParse');
    const person = await server.person('invalid-right', ['core.admin']);
    for (const [field, given] of invalid) {
      const { data, errors } = await ask(server, {
        as: person,
        query: `mutation { ${field}(${given}) { __typename } }`,
      });
      expect([field, errors, data[field].__typename]).toEqual([
        field,
        undefined,
        expect.stringMatching(/^(InvalidInput|NotFound)Error$/),
      ]);
    }
    expect(parse.mock.calls).toHaveLength(1);
  });

  test('a wrong page size, a wrong cursor and a wrong limit are not looked at either', async () => {
    const person = await server.person('pages', []);
    for (const query of [
      '{ users(first: 0) { edges { cursor } } }',
      '{ auditEvents(after: "?") { edges { cursor } } }',
      '{ sql(statement: "", limit: 0) { rows } }',
    ]) {
      expect(await codeOverHttp(person, query)).toBe('FORBIDDEN');
    }
  });

  test('setup that is closed hashes no password', async () => {
    const prepare = vi.spyOn(completeSetup, 'prepare');
    const query = `mutation { completeSetup(input: { secret: "x", email: "a@example.com", password: "twelve letters" }) {
      ... on SetupClosedError { code } } }`;
    expect((await ask(server, { as: null, query })).data).toEqual({ completeSetup: { code: 'SETUP_CLOSED' } });
    await expect(prepare.mock.results[0]?.value).rejects.toThrow(/setup is done already/);
  });
});
