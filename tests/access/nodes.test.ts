import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { nodeTypes } from '../../schema/nodes.ts';
import { createGroupMapping } from '../../src/access/create-group-mapping.ts';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { importMetrics } from '../../src/catalog/import-metrics.ts';
import { insertIdentity } from '../../src/identity/identity.store.ts';
import { readDevicesOf } from '../../src/identity/read-devices.ts';
import { readIdentitiesOf } from '../../src/identity/read-identities.ts';
import { readSessionsOf } from '../../src/identity/read-sessions.ts';
import { readTokensOf } from '../../src/identity/read-tokens.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { listSyncRuns } from '../../src/sync/read-sync-runs.ts';
import { sendUpload } from '../api/distribution/send-upload.ts';
import { letDeviceIn } from '../api/identity/device-flow.ts';
import { ask, startTestServer, type Shown, type TestPerson, type TestServer } from '../kit/server.ts';

/** Those who ask. `owner` is a viewer whom the things are about: who may read the table, and has the token and the role. */
type Asker = 'no role' | 'viewer' | 'owner' | 'km_admin' | 'admin';

/** Who may load each type by a global id: written by hand, one row per type, to contradict a rule that changes by mistake. */
const who: Readonly<Record<string, readonly Asker[]>> = {
  AccessRequest: ['owner', 'admin'],
  AuditEvent: ['admin'],
  Device: ['owner'],
  Export: ['owner'],
  GroupMapping: ['admin'],
  Identity: ['owner'],
  Metric: ['owner', 'km_admin', 'admin'],
  RoleGrant: ['owner', 'admin'],
  Session: ['owner'],
  Source: ['admin'],
  SyncRun: ['admin'],
  Table: ['owner', 'admin'],
  TableGrant: ['admin'],
  Token: ['owner'],
  Upload: ['owner', 'admin'],
  User: ['admin'],
  Viewer: ['owner'],
};

const roles: Readonly<Record<Asker, readonly string[]>> = {
  'no role': [],
  viewer: ['core.viewer'],
  owner: ['core.analyst'],
  km_admin: ['core.km_admin'],
  admin: ['core.admin'],
};

/** It reads a table that the owner may read, and a viewer without a grant may not. */
const metric = 'name: orders\ncategory: sales\ntable: shop.orders\nsql: select count(*) from shop.orders\n';

let server: TestServer;
const people = new Map<Asker, TestPerson>();
const ids = new Map<string, string>();

beforeAll(async () => {
  server = await startTestServer();
  for (const [name, held] of Object.entries(roles)) {
    people.set(name as Asker, await server.person(name.replace(' ', '-'), held));
  }
  const { services } = server.open;
  const owner = people.get('owner')!;
  const table = await server.registerFile('orders', 'id\n1\n');
  await server.sync();
  const tableGrant = await server.run(grantTableAccess, { tableId: table.id, userId: owner.id });
  const [run] = await listSyncRuns(services, { limit: 1 });
  const [event] = await listAuditEvents(services.store, { limit: 1 });
  const [[token] = []] = await readTokensOf(services, [owner.id]);
  await letDeviceIn(server, owner);
  const [[device] = []] = await readDevicesOf(services, [owner.id]);
  const [[session] = []] = await readSessionsOf(services, [owner.id]);
  const [roleGrant] = services.accessIndex.grantsOf(owner.id);
  const mapping = await server.run(createGroupMapping, { externalGroupId: 'group', roleKey: 'core.viewer' });
  const unread = await server.registerFile('customers', 'id\n1\n');
  const asked = await ask(server, {
    as: owner,
    query: `mutation { requestTableAccess(input: { tableId: "Table:${unread.id}", reason: "To know." }) {
      ... on RequestTableAccessPayload { request { id } } } }`,
  });
  const exported = await ask(server, {
    as: owner,
    query: `mutation { exportSql(input: { statement: "SELECT 1 AS one", format: CSV }) {
      ... on ExportSqlPayload { export { id } } } }`,
  });
  await server.run(importMetrics, { files: [{ path: 'sales/orders.yml', content: metric }] });
  await server.open.services.store.write((tx) =>
    insertIdentity(tx, { issuer: 'i', subject: 's', userId: owner.id, email: owner.email, provider: 'oidc' }),
  );
  const [[identity] = []] = await readIdentitiesOf(services, [owner.id]);
  const sent = await sendUpload(server, owner, { name: 'notes/plan.md', content: 'The plan.' });
  const stored = {
    AccessRequest: String(asked.data.requestTableAccess.request.id).replace('AccessRequest:', ''),
    AuditEvent: event!.id,
    Device: device!.id,
    Export: String(exported.data.exportSql.export.id).replace('Export:', ''),
    GroupMapping: mapping.id,
    Identity: identity!.id,
    Metric: 'sales/orders',
    RoleGrant: roleGrant!.id,
    Session: session!.id,
    Source: table.sourceId,
    SyncRun: run!.id,
    Table: table.id,
    TableGrant: tableGrant.id,
    Token: token!.id,
    Upload: String((await sent.json()).id).replace('Upload:', ''),
    User: owner.id,
    Viewer: owner.id,
  };
  for (const [type, id] of Object.entries(stored)) ids.set(type, `${type}:${id}`);
});

afterAll(() => server.close());

const query =
  'query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id, "Nothing:1", $id]) { __typename id } }';

test('every type that implements Node has a row', () => {
  expect(Object.keys(who)).toEqual(
    nodeTypes(schema)
      .map(({ name }) => name)
      .toSorted(),
  );
});

describe.each(Object.entries(who))('%s', (type, welcome) => {
  test.each(Object.keys(roles) as Asker[])(`asked by %s; it is for ${welcome.join(', ')}`, async (asker) => {
    const { token, session } = people.get(asker)!;
    const id = ids.get(type)!;
    const node = welcome.includes(asker) ? { __typename: type, id } : null;
    for (const as of [{ token }, { session }] as Shown[]) {
      const { data, errors } = await ask(server, { as, query, variables: { id } });
      expect([errors, data]).toEqual([undefined, { node, nodes: [node, null, node] }]);
    }
  });

  test('is not told to nobody', async () => {
    const { data, errors } = await ask(server, { as: null, query, variables: { id: ids.get(type) } });
    expect(data).toEqual({ node: null, nodes: null });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  });

  test('is null under an id that nothing has, as what one may not see is', async () => {
    const { data, errors } = await ask(server, {
      as: people.get('admin')!,
      query,
      variables: { id: `${type}:nothing` },
    });
    expect([errors, data.node]).toEqual([undefined, null]);
  });
});

test('ids of other types, of no type and of fields of objects load nothing', async () => {
  for (const id of [
    '',
    ':',
    'User',
    'Role:core.admin',
    'Query:1',
    '__proto__:1',
    'String:1',
    ids.get('Table')!.toLowerCase(),
  ]) {
    const { data, errors } = await ask(server, { as: people.get('admin')!, query, variables: { id } });
    expect([id, errors, data.node]).toEqual([id, undefined, null]);
  }
});

test('what was loaded by id is what the query of its type answers', async () => {
  const document = `query ($id: ID!) { node(id: $id) { ... on Table { sqlName syncState { rows } options } } table(id: $id) { sqlName syncState { rows } options } }`;
  const { data } = await ask(server, {
    as: people.get('admin')!,
    query: document,
    variables: { id: ids.get('Table') },
  });
  expect(data.node).toEqual(data.table);
  expect(data.node.sqlName).toBe('shop.orders');
});

test('at most 100 are loaded at once', async () => {
  const many = {
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array(101).fill('User:1') },
  };
  const { errors } = await ask(server, { as: people.get('admin')!, ...many });
  expect(errors?.[0]?.extensions['code']).toBe('INVALID_INPUT');
});
