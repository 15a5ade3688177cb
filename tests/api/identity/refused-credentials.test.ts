import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { ask, connectSocket, startTestServer, type Shown, type TestPerson, type TestServer } from '../../kit/server.ts';
import { ask as askSocket } from '../../server/socket-client.ts';
import { mutate } from '../mutate.ts';
import { letDeviceIn, refresh } from './device-flow.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const localhost = '127.0.0.1';

let server: TestServer;
let now = Date.parse('2026-03-01T12:00:00Z');
let people = 0;
let person: TestPerson;

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => new Date(now) } });
});

beforeEach(async () => {
  now += 10 * minute;
  person = await server.person(`person${(people += 1)}`, ['core.viewer']);
});

afterAll(() => server.close());

const query = '{ viewer { email } }';
const statusOf = async (as: Shown) => (await ask(server, { as, query })).status;

/** The rows of refused credentials since `since`. */
async function told(since: number): Promise<{ reason: string }[]> {
  const { store, auditBatch } = server.open.services;
  await auditBatch.flush(store);
  const events = await listAuditEvents(store, { limit: 100, action: 'credential.refused' });
  const ofNow = events.filter(({ at }) => at.getTime() >= since);
  return ofNow
    .map(({ actor, resource, details }) => ({ actor, resource, ...(details as { reason: string }) }))
    .toSorted((one, other) => one.reason.localeCompare(other.reason));
}

async function makeToken(name: string) {
  const made = await mutate(
    server,
    { session: person.session },
    { field: 'createToken', input: { name, expiresInDays: 1 }, payload: 'secret token { id }' },
  );
  return {
    secret: String(made.secret),
    id: String(made.token.id),
    key: String(made.token.id).replace('Token:', 'token:'),
  };
}

test('a flood of unknown and of malformed tokens is one row a minute each, and none holds what was shown', async () => {
  const began = now;
  const post = (authorization: string) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
  for (let time = 0; time < 10; time += 1) {
    expect((await post(`Bearer agnes_pat_guess${time}`)).status).toBe(401);
    expect((await post('Basic Z3Vlc3M6Z3Vlc3M=')).status).toBe(401);
  }
  const door = { actor: 'nobody', resource: 'door:credential', address: localhost };
  const first = await told(began);
  expect(first).toHaveLength(2);
  expect(first).toEqual(
    expect.arrayContaining([
      { ...door, reason: 'unknown', times: 1 },
      { ...door, reason: 'malformed', times: 1 },
    ]),
  );
  now += minute;
  await statusOf({ token: 'aaaa.bbbb.cccc' });
  expect(await told(now)).toEqual([{ ...door, reason: 'unknown', times: 10 }]);
  const { store } = server.open.services;
  const all = JSON.stringify(await listAuditEvents(store, { limit: 100, action: 'credential.refused' }));
  expect(all).not.toMatch(/guess|Basic|Z3Vl|aaaa/);
});

test('a revoked token and one that has ended are told with their id and owner, over sockets and after a restart too', async () => {
  const [revoked, over] = [await makeToken('revoked'), await makeToken('over')];
  const began = now;
  await mutate(server, { session: person.session }, { field: 'revokeToken', input: { id: revoked.id } });
  const row = {
    actor: 'nobody',
    times: 1,
    address: localhost,
    credential: 'pat',
    userId: person.id,
    email: person.email,
  };
  expect(await statusOf({ token: revoked.secret })).toBe(401);
  const socket = connectSocket(server, { token: revoked.secret });
  await expect(askSocket(socket, query)).rejects.toMatchObject({ code: 4401 });
  await socket.dispose();
  expect(await told(began)).toEqual([{ ...row, resource: revoked.key, reason: 'revoked' }]);
  server = await server.restart();
  now += day;
  expect(await statusOf({ token: revoked.secret })).toBe(401);
  for (const token of [over.secret, over.secret]) expect(await statusOf({ token })).toBe(401);
  expect(await told(now)).toEqual([
    { ...row, resource: over.key, reason: 'over' },
    { ...row, resource: revoked.key, reason: 'revoked' },
  ]);
});

test('the token of somebody who is not active is told', async () => {
  const { secret, key } = await makeToken('asleep');
  await server.deactivate(person);
  expect(await statusOf({ token: secret })).toBe(401);
  expect(await told(now)).toMatchObject([{ resource: key, reason: 'ownerNotActive', email: person.email }]);
});

test('a session that somebody ended is told once, by its cookie, and not while pages still show it', async () => {
  const { session } = person;
  const [own] = await server.open.services.store.db
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', person.id)
    .execute();
  const admin = await server.person(`person${(people += 1)}`, ['core.admin']);
  await mutate(server, admin, { field: 'endSessionsOf', input: { userId: `User:${person.id}` } });
  await statusOf({ session });
  expect(await told(now)).toEqual([]);
  now += 2 * minute;
  for (let time = 0; time < 3; time += 1) await statusOf({ session });
  now += 2 * minute;
  await statusOf({ session });
  expect(await told(now - 3 * minute)).toMatchObject([
    { resource: `session:${own!.id}`, reason: 'revoked', credential: 'session', email: person.email, times: 1 },
  ]);
});

test('what ends by itself is no row: a session that is over, an unknown cookie, the hour of a device and its token before the last', async () => {
  const began = now;
  const device = await letDeviceIn(server, person);
  const { body: next } = await refresh(server, device['refresh_token']!);
  for (const token of [device['access_token']!, next['access_token']!]) await statusOf({ token });
  now += 61 * minute;
  expect(await statusOf({ token: next['access_token']! })).toBe(401);
  now += 400 * day;
  await statusOf({ session: person.session });
  await statusOf({ session: 'never-given' });
  expect(await told(began)).toEqual([]);
});

test('the access token of a device that somebody ended is told with its device', async () => {
  const device = await letDeviceIn(server, person);
  const { data } = await ask(server, { as: { session: person.session }, query: '{ viewer { devices { id } } }' });
  const { id } = data.viewer.devices[0];
  await mutate(server, { session: person.session }, { field: 'endDevice', input: { id } });
  expect(await statusOf({ token: device['access_token']! })).toBe(401);
  expect(await told(now)).toMatchObject([
    {
      resource: String(id).replace('Device:', 'device:'),
      reason: 'revoked',
      credential: 'device',
      email: person.email,
    },
  ]);
});
