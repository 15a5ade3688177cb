import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
});

afterAll(() => server.close());

function updateUser(person: Pick<TestPerson, 'id'>, change: Record<string, unknown>) {
  const input = { id: `User:${person.id}`, ...change };
  return mutate(server, admin, { field: 'updateUser', input, payload: 'user { id email name active }' });
}

describe('updateUser', () => {
  test('changes both, with one audit row that tells what was there before', async () => {
    const person = await server.person('before', ['core.viewer']);
    const count = await eventCount(server);
    expect(await updateUser(person, { email: ' After@Example.com ', name: ' New Name ' })).toEqual({
      __typename: 'UpdateUserPayload',
      user: { id: `User:${person.id}`, email: 'after@example.com', name: 'New Name', active: true },
    });
    expect(await eventCount(server)).toBe(count + 1);
    expect(await newestEvent(server)).toEqual({
      actor: admin.email,
      credential: 'pat',
      action: 'user.updated',
      resource: `user:${person.id}`,
      details: {
        from: { email: 'before@example.com', name: 'before' },
        to: { email: 'after@example.com', name: 'New Name' },
      },
    });
  });

  test('the person keeps credentials and roles, under the new address; the old one is free', async () => {
    const person = await server.person('old', ['core.viewer']);
    await updateUser(person, { email: 'renamed@example.com' });
    const { data } = await ask(server, { as: person, query: '{ viewer { email coreRole { key } } }' });
    expect(data.viewer).toEqual({ email: 'renamed@example.com', coreRole: { key: 'core.viewer' } });
    const other = await server.person('old', []);
    expect(other.id).not.toBe(person.id);
    server = await server.restart();
    expect((await ask(server, { as: person, query: '{ viewer { email } }' })).data.viewer.email).toBe(
      'renamed@example.com',
    );
  });

  test('what is left out stays, and a name is cleared by null', async () => {
    const person = await server.person('parts', []);
    const { email } = person;
    expect((await updateUser(person, { name: 'Named' })).user).toMatchObject({ email, name: 'Named' });
    expect((await updateUser(person, {})).user).toMatchObject({ email, name: 'Named' });
    expect((await updateUser(person, { email: 'PARTS@example.com' })).user).toMatchObject({ email, name: 'Named' });
    expect((await updateUser(person, { email: 'moved@example.com' })).user).toMatchObject({ name: 'Named' });
    expect((await updateUser(person, { name: null })).user).toMatchObject({ email: 'moved@example.com', name: null });
  });

  test('a deactivated user stays deactivated', async () => {
    const person = await server.person('sleeper', ['core.viewer']);
    await server.deactivate(person);
    expect((await updateUser(person, { email: 'asleep@example.com' })).user).toMatchObject({ active: false });
    expect((await ask(server, { as: person, query: '{ viewer { email } }' })).status).toBe(401);
  });

  test('an address that is taken is a conflict, in whatever case it is written, and changes nothing', async () => {
    const person = await server.person('wants', []);
    await server.person('owner', []);
    const count = await eventCount(server);
    expect(await updateUser(person, { email: 'OWNER@example.com', name: 'Other' })).toEqual({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: 'There is a user with the e-mail address owner@example.com already.',
    });
    expect((await updateUser(person, {})).user).toMatchObject({ email: person.email, name: 'wants' });
    expect(await eventCount(server)).toBe(count + 1);
  });

  test('of many who want one address at the same instant exactly one gets it', async () => {
    const people = await Promise.all([0, 1, 2, 3].map((number) => server.person(`racer${number}`, [])));
    const results = await Promise.all(people.map((person) => updateUser(person, { email: 'prize@example.com' })));
    const types = results.map(({ __typename }) => String(__typename)).toSorted();
    expect(types).toEqual(['ConflictError', 'ConflictError', 'ConflictError', 'UpdateUserPayload']);
  });

  test.each([
    [{ email: 'no address' }, 'email', 'This is not an e-mail address.'],
    [{ email: '' }, 'email', 'This is not an e-mail address.'],
    [{ email: null }, 'email', 'A user always has an e-mail address; leave it out to keep the one there is.'],
    [{ name: ' ' }, 'name', 'A name cannot be empty; leave it out, or give null.'],
    [{ name: 'x'.repeat(201) }, 'name', 'A name has at most 200 characters.'],
  ])('%j is refused with its path', async (change, path, message) => {
    expect(await updateUser(admin, change)).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'INVALID_INPUT',
      fields: [{ path, message }],
    });
  });

  test('nobody is there to be changed', async () => {
    const count = await eventCount(server);
    const notFound = { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'There is no user with this id.' };
    expect(await updateUser({ id: 'none' }, { name: 'x' })).toEqual(notFound);
    const foreign = { field: 'updateUser', input: { id: admin.id } };
    expect(await mutate(server, admin, foreign)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await eventCount(server)).toBe(count);
  });
});
