import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LastAdminError } from '../../../src/access/administrator-remains.ts';
import { deactivateUser as deactivation } from '../../../src/identity/deactivate-user.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { ask, connectSocket, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

const whoAmI = '{ viewer { email } }';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
});

afterAll(() => server.close());

function change(field: 'deactivateUser' | 'activateUser', id: string, as: TestPerson = admin) {
  const payload = 'user { id active coreRole { key } roleGrants { role { key } } }';
  return mutate(server, as, { field, input: { id }, payload });
}

const deactivate = (person: TestPerson, as?: TestPerson) => change('deactivateUser', `User:${person.id}`, as);
const activate = (person: TestPerson) => change('activateUser', `User:${person.id}`);

async function status(shown: { session: string } | { token: string }): Promise<unknown> {
  const { status: code, data } = await ask(server, { as: shown, query: whoAmI });
  return code === 401 ? 401 : data.viewer;
}

describe('deactivateUser', () => {
  test('ends session, token and open subscriptions at once, and gives back who it was', async () => {
    const person = await server.person('leaver', ['core.analyst']);
    const clients = [connectSocket(server, { session: person.session }), connectSocket(server, person)];
    try {
      const listeners = clients.map((client) => listen(client, 'subscription { syncEvents { id } }'));
      for (const client of clients) await askSocket(client, '{ __typename }');
      const count = await eventCount(server);
      expect(await deactivate(person)).toEqual({
        __typename: 'DeactivateUserPayload',
        user: {
          id: `User:${person.id}`,
          active: false,
          coreRole: null,
          roleGrants: [{ role: { key: 'core.analyst' } }],
        },
      });
      expect(await eventCount(server)).toBe(count + 1);
      expect(await newestEvent(server)).toEqual({
        actor: admin.email,
        credential: 'pat',
        action: 'user.deactivated',
        resource: `user:${person.id}`,
        details: { email: person.email, sessions: 1, devices: 0 },
      });
      expect(await status({ token: person.token })).toBe(401);
      expect(await status({ session: person.session })).toBeNull();
      for (const { ended } of listeners) {
        expect(await ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      }
      for (const client of clients) await expect(askSocket(client, whoAmI)).rejects.toMatchObject({ code: 4401 });
    } finally {
      for (const client of clients) await client.dispose();
    }
  });

  test('is done again without harm', async () => {
    const person = await server.person('twice', []);
    await deactivate(person);
    expect(await deactivate(person)).toMatchObject({ __typename: 'DeactivateUserPayload', user: { active: false } });
  });

  test('oneself is refused, for the last administrator and for others alike', async () => {
    const count = await eventCount(server);
    const other = await server.person('other-admin', ['core.admin']);
    for (const person of [admin, other]) {
      expect(await deactivate(person, person)).toEqual({
        __typename: 'ConflictError',
        code: 'CONFLICT',
        message: 'You cannot deactivate yourself; ask another administrator.',
      });
    }
    expect(await eventCount(server)).toBe(count);
    await deactivate(other);
  });

  test('the last administrator stays, whoever asks; one who is not active does not count and may go', async () => {
    const inactive = await server.person('inactive-admin', ['core.admin']);
    expect(await deactivate(inactive)).toMatchObject({ __typename: 'DeactivateUserPayload' });
    expect(await deactivate(inactive)).toMatchObject({ __typename: 'DeactivateUserPayload' });
    await expect(server.run(deactivation, { id: admin.id })).rejects.toBeInstanceOf(LastAdminError);
    expect(await status(admin)).toEqual({ email: admin.email });
  });

  test('of two administrators who deactivate each other at the same instant exactly one remains', async () => {
    for (let round = 0; round < 20; round += 1) {
      const left = await server.person(`left${round}`, ['core.admin']);
      const right = await server.person(`right${round}`, ['core.admin']);
      const outcomes = await Promise.allSettled([deactivate(left, right), deactivate(right, left)]);
      expect(outcomes.map(({ status: outcome }) => outcome).toSorted()).toEqual(['fulfilled', 'rejected']);
      const active = [left, right].filter(({ id }) => server.open.services.accessIndex.user(id)?.active);
      expect(active).toHaveLength(1);
      await deactivate(active[0]!);
    }
  });
});

describe('activateUser', () => {
  test('gives roles and tokens back, but no session from before, also after a restart', async () => {
    const person = await server.person('returning', ['core.analyst']);
    await deactivate(person);
    expect(await activate(person)).toEqual({
      __typename: 'ActivateUserPayload',
      user: {
        id: `User:${person.id}`,
        active: true,
        coreRole: { key: 'core.analyst' },
        roleGrants: [{ role: { key: 'core.analyst' } }],
      },
    });
    expect(await newestEvent(server)).toEqual({
      actor: admin.email,
      credential: 'pat',
      action: 'user.activated',
      resource: `user:${person.id}`,
      details: { email: person.email },
    });
    for (const restart of [false, true]) {
      if (restart) server = await server.restart();
      expect(await status({ token: person.token })).toEqual({ email: person.email });
      expect(await status({ session: person.session })).toBeNull();
    }
  });

  test('whoever is not there cannot be changed', async () => {
    const count = await eventCount(server);
    for (const field of ['activateUser', 'deactivateUser'] as const) {
      for (const id of ['User:none', 'none', `Token:${admin.id}`]) {
        expect(await change(field, id)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
      }
    }
    expect(await eventCount(server)).toBe(count);
  });
});
