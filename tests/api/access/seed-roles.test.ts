import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGroupMapping } from '../../../src/access/create-group-mapping.ts';
import { createRole } from '../../../src/access/create-role.ts';
import { selectRoles, upsertRole } from '../../../src/access/role.store.ts';
import { seedRoles } from '../../../src/access/seed-roles.ts';
import { replaceExternalGroups } from '../../../src/people/replace-external-groups.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';

const query = '{ roles { key displayName isCore implies { key } grantCount } }';

let server: TestServer;
let viewer: TestPerson;

beforeEach(async () => {
  server = await startTestServer();
  viewer = await server.person('viewer', ['core.viewer']);
});

afterEach(() => server.close());

test('a start repairs a core role that was changed, and leaves a role that somebody made', async () => {
  const before = (await ask(server, { as: viewer, query })).data.roles;
  expect(before.map(({ key }: { key: string }) => key)).toEqual([
    'core.admin',
    'core.analyst',
    'core.km_admin',
    'core.viewer',
    'query.remote_spender',
  ]);
  const custom = { key: 'custom.lead', displayName: 'Lead', description: '', ownerModule: 'custom', isCore: false };
  await server.open.services.store.write(async (tx) => {
    const drift = { display_name: 'God', implies: '["core.admin"]', is_core: false };
    await tx.db.updateTable('roles').set(drift).where('key', '=', 'core.viewer').execute();
    await tx.db.deleteFrom('roles').where('key', '=', 'core.analyst').execute();
    await upsertRole(tx, { ...custom, implies: ['core.viewer'] });
  });
  server = await server.restart();
  const { data, errors } = await ask(server, { as: viewer, query });
  expect(errors).toBeUndefined();
  const made = {
    key: 'custom.lead',
    displayName: 'Lead',
    isCore: false,
    implies: [{ key: 'core.viewer' }],
    grantCount: 0,
  };
  expect(data.roles).toEqual([...before.slice(0, -1), made, before.at(-1)]);
  const users = await ask(server, { as: viewer, query: '{ users { edges { cursor } } }' });
  expect(users.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('own roles, mappings and groups are the same after a restart', async () => {
  const person = await server.person('kept', []);
  await server.run(createRole, { key: 'sales.lead', displayName: 'Lead', implies: ['core.viewer'] });
  await server.run(createGroupMapping, { externalGroupId: 'sales', roleKey: 'sales.lead' });
  await server.open.services.store.write((tx) =>
    replaceExternalGroups(tx, { userId: person.id, provider: 'idp', groups: [{ id: 'sales', name: 'Sales' }] }),
  );
  const kept = `{ viewer { externalGroups { id name }
    effectiveRoles { role { key } via { mapping { id externalGroupId assignedBy assignedAt } roles { key } } } }
    role(key: "sales.lead") { key displayName implies { key } mappingCount } }`;
  const before = (await ask(server, { as: person, query: kept })).data;
  expect(before).toMatchObject({
    viewer: { effectiveRoles: [{ role: { key: 'core.viewer' } }, { role: { key: 'sales.lead' } }] },
    role: { key: 'sales.lead', mappingCount: 1 },
  });
  server = await server.restart();
  expect((await ask(server, { as: person, query: kept })).data).toEqual(before);
});

test('a definition under the key of an own role stops the start and alters nothing', async () => {
  await server.run(createRole, { key: 'sales.lead', displayName: 'Lead' });
  const { store } = server.open.services;
  const before = await selectRoles(store.db);
  const defined = { key: 'sales.lead', description: '', ownerModule: 'sales', isCore: false, implies: ['core.admin'] };
  await expect(seedRoles(store, [{ ...defined, displayName: 'Defined' }])).rejects.toMatchObject({
    code: 'ROLE_KEY_TAKEN',
    message: expect.stringContaining('This version defines sales.lead'),
  });
  expect(await selectRoles(store.db)).toEqual(before);
});
