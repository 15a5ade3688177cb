import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { ask, connectSocket, startTestServer, type Shown, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

const notFound = { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'There is no live token with this id.' };

let server: TestServer;
let now = new Date('2026-03-01T12:00:00Z');
let person: TestPerson;
let session: Shown;

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => now } });
  person = await server.person('person', ['core.viewer']);
  session = { session: person.session };
});

afterAll(() => server.close());

function createToken(input: Record<string, unknown>, as: Shown = session) {
  const payload = 'secret token { id name prefix createdAt expiresAt revokedAt lastUsedAt }';
  return mutate(server, as, { field: 'createToken', input, payload });
}

function revokeToken(id: string, as: Shown = session) {
  return mutate(server, as, { field: 'revokeToken', input: { id }, payload: 'token { id revokedAt }' });
}

test('a token is made with its secret shown once, for 90 days unless said otherwise', async () => {
  const before = await eventCount(server);
  const result = await createToken({ name: ' laptop ' });
  expect(result).toEqual({
    __typename: 'CreateTokenPayload',
    secret: expect.stringMatching(/^agnes_pat_[\w-]{43}$/),
    token: {
      id: expect.stringMatching(/^Token:/),
      name: 'laptop',
      prefix: String(result.secret).slice(0, 14),
      createdAt: '2026-03-01T12:00:00.000Z',
      expiresAt: '2026-05-30T12:00:00.000Z',
      revokedAt: null,
      lastUsedAt: null,
    },
  });
  expect(await eventCount(server)).toBe(before + 1);
  const event = await newestEvent(server);
  expect(event).toEqual({
    actor: person.email,
    credential: 'session',
    action: 'token.created',
    resource: `token:${String(result.token.id).replace('Token:', '')}`,
    details: {
      name: 'laptop',
      expiresAt: '2026-05-30T12:00:00.000Z',
      readOnly: false,
      tableIds: null,
      roleKeys: null,
    },
  });
  const stored = await server.open.services.store.db.selectFrom('tokens').selectAll().execute();
  expect(JSON.stringify(stored)).not.toContain(result.secret);
  const { data } = await ask(server, {
    as: { token: result.secret },
    query: '{ viewer { email credential { kind } } }',
  });
  expect(data).toEqual({ viewer: { email: person.email, credential: { kind: 'PAT' } } });
});

test('a token cannot make a token', async () => {
  const query = 'mutation { createToken(input: { name: "child" }) { __typename } }';
  const { errors } = await ask(server, { as: { token: person.token }, query });
  expect(errors?.[0]?.extensions).toEqual({ code: 'INTERACTIVE_SIGN_IN_REQUIRED' });
});

test.each([
  [{ name: ' ' }, 'name'],
  [{ name: 'x'.repeat(101) }, 'name'],
  [{ name: 'x', expiresInDays: 0 }, 'expiresInDays'],
  [{ name: 'x', expiresInDays: 3651 }, 'expiresInDays'],
])('%j is refused with its path', async (input, path) => {
  expect(await createToken(input)).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path }] });
});

describe('revoking', () => {
  test('ends the token at once, on HTTP and on an open socket', async () => {
    const { secret, token } = await createToken({ name: 'phone' });
    const client = connectSocket(server, { token: secret });
    try {
      const listener = listen(client, 'subscription { syncEvents { id } }');
      await askSocket(client, '{ __typename }');
      now = new Date('2026-03-01T12:00:01Z');
      expect(await revokeToken(token.id)).toEqual({
        __typename: 'RevokeTokenPayload',
        token: { id: token.id, revokedAt: '2026-03-01T12:00:01.000Z' },
      });
      const gone = { extensions: { code: 'UNAUTHENTICATED' } };
      expect(await ask(server, { as: { token: secret }, query: '{ viewer { email } }' })).toMatchObject({
        status: 401,
        errors: [gone],
      });
      expect(await listener.ended).toMatchObject([gone]);
      await expect(askSocket(client, '{ viewer { email } }')).rejects.toMatchObject({ code: 4401 });
      expect(await newestEvent(server)).toMatchObject({
        action: 'token.revoked',
        details: { name: 'phone', userId: person.id },
      });
      expect(await revokeToken(token.id)).toEqual(notFound);
    } finally {
      await client.dispose();
    }
  });

  test('somebody else’s token does not exist, unless one administers', async () => {
    const { secret, token } = await createToken({ name: 'mine' });
    const other = await server.person('other', ['core.km_admin']);
    const before = await eventCount(server);
    expect(await revokeToken(token.id, other)).toEqual(notFound);
    expect(await revokeToken('Token:nothing', other)).toEqual(notFound);
    expect(await revokeToken('nothing', other)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await eventCount(server)).toBe(before);
    expect((await ask(server, { as: { token: secret }, query: '{ viewer { email } }' })).status).toBe(200);
    const admin = await server.person('admin', ['core.admin']);
    expect(await revokeToken(token.id, admin)).toMatchObject({ __typename: 'RevokeTokenPayload' });
    expect((await ask(server, { as: { token: secret }, query: '{ viewer { email } }' })).status).toBe(401);
  });

  test('a token may end itself, and stays ended after a restart', async () => {
    const { secret, token } = await createToken({ name: 'self' });
    expect(await revokeToken(token.id, { token: secret })).toMatchObject({ __typename: 'RevokeTokenPayload' });
    server = await server.restart();
    expect((await ask(server, { as: { token: secret }, query: '{ viewer { email } }' })).status).toBe(401);
    expect((await ask(server, { as: session, query: '{ viewer { email } }' })).data.viewer).not.toBeNull();
  });
});
