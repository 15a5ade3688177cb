import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
});

afterAll(() => server.close());

function createUser(input: Record<string, unknown>) {
  const payload =
    'user { id email name active coreRole { key } effectiveRoles { role { key } } roleGrants { id } lastSeenAt }';
  return mutate(server, admin, { field: 'createUser', input, payload });
}

test('a user is made in lower case, active and without roles, with one audit row', async () => {
  const before = await eventCount(server);
  const result = await createUser({ email: '  New.Person@Example.com ', name: ' New Person ' });
  expect(result).toEqual({
    __typename: 'CreateUserPayload',
    user: {
      id: expect.stringMatching(/^User:[\da-f-]{36}$/),
      email: 'new.person@example.com',
      name: 'New Person',
      active: true,
      coreRole: null,
      effectiveRoles: [],
      roleGrants: [],
      lastSeenAt: null,
    },
  });
  expect(await eventCount(server)).toBe(before + 1);
  expect(await newestEvent(server)).toEqual({
    actor: admin.email,
    credential: 'pat',
    action: 'user.created',
    resource: `user:${String(result.user.id).replace('User:', '')}`,
    details: { email: 'new.person@example.com' },
  });
});

test('an address that is taken is a conflict, in whatever case it is written', async () => {
  await createUser({ email: 'taken@example.com' });
  const before = await eventCount(server);
  expect(await createUser({ email: 'TAKEN@example.COM' })).toEqual({
    __typename: 'ConflictError',
    code: 'CONFLICT',
    message: 'There is a user with the e-mail address taken@example.com already.',
  });
  expect(await eventCount(server)).toBe(before);
});

test('of many at the same instant with one address exactly one is made', async () => {
  const results = await Promise.all(
    ['race@example.com', 'RACE@example.com', 'Race@Example.com', 'race@EXAMPLE.com'].map((email) =>
      createUser({ email }),
    ),
  );
  const types = results.map(({ __typename }) => __typename).toSorted();
  expect(types).toEqual(['ConflictError', 'ConflictError', 'ConflictError', 'CreateUserPayload']);
});

test.each(['', 'no address', 'a@', '@example.com', 'a b@example.com', `${'a'.repeat(250)}@example.com`])(
  'what is no address is refused with its path: %j',
  async (email) => {
    const result = await createUser({ email });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' });
    expect(result.fields[0]).toEqual({
      path: 'email',
      message: expect.stringMatching(/^(This is not an e-mail|An e-mail)/),
    });
  },
);
