import type { Client } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { registerTable } from '../../../src/registry/register-table.ts';
import type { Table } from '../../../src/registry/table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { grantRole } from '../../../src/access/grant-role.ts';
import { revokeRole } from '../../../src/access/revoke-role.ts';
import { connectSocket, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { ask as askSocket, listen, until, type Listener } from '../../server/socket-client.ts';

const query = 'subscription { accessChanged { at accessVersion roles { key } added { sqlName } removed } }';

interface Told {
  at: string;
  accessVersion: string;
  roles: { key: string }[];
  added: { sqlName: string }[];
  removed: string[];
}

let server: TestServer;
let secret: Table;
const clients: Client[] = [];
let people = 0;

beforeAll(async () => {
  server = await startTestServer();
  await server.person('admin', ['core.admin']);
  secret = await server.registerFile('secret', 'id\n1\n');
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

afterAll(() => server.close());

function newPerson(...roles: string[]): Promise<TestPerson> {
  return server.person(`listener${(people += 1)}`, roles);
}

async function hear({ token }: TestPerson): Promise<Listener> {
  const client = connectSocket(server, { token });
  clients.push(client);
  const listener = listen(client, query);
  await askSocket(client, '{ __typename }');
  return listener;
}

function told({ results }: Listener): Told[] {
  return results.map(({ data }) => data?.['accessChanged'] as Told);
}

/** Lets whatever is on its way arrive. */
async function settle(): Promise<void> {
  for (const client of clients) await askSocket(client, '{ __typename }');
}

test('tells the one concerned what came and went, each once, and nobody else', async () => {
  const [person, other] = [await newPerson('core.viewer'), await newPerson('core.viewer')];
  const [heard, second, bystander] = [await hear(person), await hear(person), await hear(other)];
  const grant = await server.run(grantTableAccess, { tableId: secret.id, userId: person.id });
  await until(() => heard.results.length === 1 && second.results.length === 1);
  expect(told(heard)).toEqual([
    {
      at: expect.any(String),
      accessVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
      roles: [{ key: 'core.viewer' }],
      added: [{ sqlName: 'shop.secret' }],
      removed: [],
    },
  ]);
  await server.run(revokeTableAccess, { grantId: grant.id });
  await until(() => heard.results.length === 2);
  expect(told(heard)[1]).toMatchObject({ added: [], removed: [`Table:${secret.id}`] });
  const again = await server.run(grantTableAccess, { tableId: secret.id, userId: person.id });
  await until(() => heard.results.length === 3);
  const [first, , third] = told(heard).map(({ accessVersion }) => accessVersion);
  expect(third).toBe(first);
  await server.run(revokeTableAccess, { grantId: again.id });
  await until(() => heard.results.length === 4 && second.results.length === 4);
  await settle();
  expect([told(heard).length, told(second).length, bystander.results]).toEqual([4, 4, []]);
});

test('tells of roles, of public tables and of whole sources, and is silent where nothing changes', async () => {
  const person = await newPerson('core.viewer');
  const heard = await hear(person);
  const role = await server.run(grantRole, { userId: person.id, roleKey: 'core.analyst' });
  await until(() => heard.results.length === 1);
  expect(told(heard)[0]).toMatchObject({ roles: [{ key: 'core.analyst' }, { key: 'core.viewer' }], added: [] });
  await server.run(grantTableAccess, { source: 'shop', roleKey: 'core.km_admin' });
  await server.run(registerTable, { source: 'shop', name: 'hidden', options: { path: 'secret.csv' } });
  const wide = await server.run(grantTableAccess, { source: 'shop', roleKey: 'core.analyst' });
  await until(() => heard.results.length === 2);
  expect(told(heard)[1]?.added).toEqual([{ sqlName: 'shop.hidden' }, { sqlName: 'shop.secret' }]);
  await server.run(registerTable, { source: 'shop', name: 'later', options: { path: 'secret.csv' } });
  await until(() => heard.results.length === 3);
  expect(told(heard)[2]?.added).toEqual([{ sqlName: 'shop.later' }]);
  await server.run(revokeRole, { grantId: role.id });
  await until(() => heard.results.length === 4);
  expect(told(heard)[3]).toMatchObject({ roles: [{ key: 'core.viewer' }], added: [] });
  expect(told(heard)[3]?.removed).toHaveLength(3);
  await server.run(revokeTableAccess, { grantId: wide.id });
  await settle();
  expect(heard.results).toHaveLength(4);
});

test('tells at the instant at which a grant begins and ends, though nothing happens', async () => {
  const person = await newPerson('core.viewer');
  const heard = await hear(person);
  const startsAt = new Date(Date.now() + 700);
  const expiresAt = new Date(Date.now() + 1400);
  await server.run(grantTableAccess, { tableId: secret.id, userId: person.id, startsAt, expiresAt });
  await until(() => heard.results.length === 2);
  const [begun, ended] = told(heard);
  expect([begun!.added, begun!.removed]).toEqual([[{ sqlName: 'shop.secret' }], []]);
  expect([ended!.added, ended!.removed]).toEqual([[], [`Table:${secret.id}`]]);
  expect(Date.parse(begun!.at)).toBeGreaterThanOrEqual(startsAt.getTime());
  expect(Date.parse(ended!.at)).toBeGreaterThanOrEqual(expiresAt.getTime());
  expect(server.open.services.tableAccess.canRead(person.id, secret.id)).toBe(false);
});

test('ends when the user is deactivated, without a word about it', async () => {
  const person = await newPerson('core.viewer');
  const heard = await hear(person);
  await server.deactivate(person);
  expect(await heard.ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(heard.results).toEqual([]);
});
