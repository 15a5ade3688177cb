import type { Client } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { revokeRole } from '../../../src/access/revoke-role.ts';
import { deactivateUser } from '../../../src/identity/deactivate-user.ts';
import { openSession } from '../../../src/identity/open-session.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import {
  ask,
  connectSocket,
  credentialHeaders,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../../kit/server.ts';
import { ask as askSocket, listen, until, type Result } from '../../server/socket-client.ts';
import { mutate } from '../mutate.ts';
import { password, personWithPassword } from './browser.ts';

const events = 'subscription { syncEvents { id } }';
const rolesQuery = '{ roles { key } }';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  const table = await server.registerFile('orders', 'id\n1\n');
  await server.run(grantTableAccess, { tableId: table.id, roleKey: 'core.viewer' });
});
afterAll(() => server.close());

/** A browser in which somebody is signed in, with a socket and an event stream that are open. */
interface Browser {
  readonly session: string;
  readonly socket: Client;
  readonly results: { readonly socket: Result[]; readonly stream: Result[] };
  /** What ended each of the two. */
  readonly ended: { readonly socket: Promise<unknown>; readonly stream: Promise<unknown> };
}

/** Whether what one hears holds an event; a refusal is none. */
const hearsEvents = (results: readonly Result[]) => results.some(({ data }) => data);

async function openBrowser(session: string): Promise<Browser> {
  const socket = connectSocket(server, { session });
  const listener = listen(socket, events);
  const stream = await openStream(session);
  const results = { socket: listener.results, stream: stream.results };
  await server.sync();
  await until(() => hearsEvents(results.socket) && hearsEvents(results.stream));
  return { session, socket, results, ended: { socket: listener.ended, stream: stream.ended } };
}

/** Server-sent events; `ended` resolves to the errors of the last message when the server has ended the stream. */
async function openStream(session: string): Promise<{ results: Result[]; ended: Promise<unknown> }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      ...credentialHeaders(server.url, { session }),
    },
    body: JSON.stringify({ query: events }),
  });
  const results: Result[] = [];
  async function read(): Promise<unknown> {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const messages = (text + chunk).split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const [, json] = /^event: next\n(?:id: \d+\n)?data: (.*)$/.exec(message) ?? [];
        if (json !== undefined) results.push(JSON.parse(json) as Result);
      }
    }
    return results.at(-1)?.errors;
  }
  return { results, ended: read() };
}

/** Another session of the same person. */
async function signInElsewhere({ id }: TestPerson): Promise<string> {
  const given = { userId: id, door: 'password' as const, device: null, address: null };
  return (await server.open.services.store.write((tx) => openSession(tx, given))).secret;
}

const signedOut = { code: 'UNAUTHENTICATED' };
const withoutRole = { code: 'FORBIDDEN', requiredRole: 'core.viewer' };

interface Ending {
  readonly by: string;
  readonly refusal: object;
  end(person: TestPerson): Promise<unknown>;
}

const endings: readonly Ending[] = [
  {
    by: 'the loss of the role',
    refusal: withoutRole,
    end: ({ id }) => server.run(revokeRole, { grantId: server.open.services.accessIndex.grantsOf(id)[0]!.id }),
  },
  {
    by: 'signing out',
    refusal: signedOut,
    end: (person) => ask(server, { as: { session: person.session }, query: 'mutation { signOut { __typename } }' }),
  },
  {
    by: 'signing out everywhere, in another browser',
    refusal: signedOut,
    end: async (person) =>
      mutate(
        server,
        { session: await signInElsewhere(person) },
        { field: 'signOutEverywhere', input: { keepThisOne: true } },
      ),
  },
  {
    by: 'a new password, chosen in another browser',
    refusal: signedOut,
    end: async (person) =>
      mutate(
        server,
        { session: await signInElsewhere(person) },
        { field: 'changePassword', input: { currentPassword: password, newPassword: 'another horse battery' } },
      ),
  },
  {
    by: 'an administrator who ends all sessions',
    refusal: signedOut,
    end: ({ id }) => mutate(server, admin, { field: 'endSessionsOf', input: { userId: `User:${id}` } }),
  },
  { by: 'deactivation', refusal: signedOut, end: ({ id }) => server.run(deactivateUser, { id }) },
];

const cases = endings.map((ending) => [ending.by, ending] as const);

test.each(cases)('%s counts at once over HTTP, on an open socket and in an event stream', async (_by, ending) => {
  const person = await personWithPassword(server, { name: `person${endings.indexOf(ending)}` });
  const { session, socket, results, ended } = await openBrowser(person.session);
  const overHttp = { as: { session }, query: rolesQuery };
  try {
    expect((await ask(server, overHttp)).errors).toBeUndefined();
    expect((await askSocket(socket, rolesQuery)).errors).toBeUndefined();
    const heard = [results.socket, results.stream].map((each) => each.length);
    await ending.end(person);
    expect((await ask(server, overHttp)).errors).toMatchObject([{ extensions: ending.refusal }]);
    await server.sync();
    const refused = [{ extensions: ending.refusal }];
    expect(await ended.socket).toMatchObject(refused);
    expect(await ended.stream).toMatchObject(refused);
    for (const [place, each] of [results.socket, results.stream].entries()) {
      expect(hearsEvents(each.slice(heard[place]))).toBe(false);
    }
    const asked = askSocket(socket, rolesQuery).then(
      ({ errors }) => errors?.[0]?.extensions,
      (closed: { code: number }) => closed.code,
    );
    expect(await asked).toEqual(ending.refusal === withoutRole ? withoutRole : 4401);
  } finally {
    await socket.dispose();
  }
});

test('the loss of a role ends what listens without waiting for an event', async () => {
  const person = await server.person('silent', ['core.viewer']);
  const { socket, ended } = await openBrowser(person.session);
  try {
    await endings[0]!.end(person);
    for (const each of [ended.socket, ended.stream]) expect(await each).toMatchObject([{ extensions: withoutRole }]);
  } finally {
    await socket.dispose();
  }
});
