import { afterEach, beforeEach, expect, test } from 'vitest';
import { upsertRole } from '../../../src/access/role.store.ts';
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
  expect(data.roles).toEqual([...before, made]);
  const users = await ask(server, { as: viewer, query: '{ users { edges { cursor } } }' });
  expect(users.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});
