import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setCoreRole } from '../../../src/access/set-core-role.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { da } from '../../cli/run-da.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
});

afterAll(() => server.close());

function rotate(input: { now?: boolean }) {
  const payload = 'signingKey { keyId createdAt } removedKeys { keyId }';
  return mutate(server, admin, { field: 'rotateSigningKey', input, payload });
}

async function exportUrl(): Promise<string> {
  const { export: row } = await mutate(server, admin, {
    field: 'exportSql',
    input: { statement: 'SELECT 42 AS answer', format: 'CSV' },
    payload: 'export { id }',
  });
  await server.open.exportRunner.idle();
  const { data } = await ask(server, {
    as: admin,
    query: 'query ($id: ID!) { export(id: $id) { url } }',
    variables: { id: row.id },
  });
  return data.export.url as string;
}

test('links that are out survive a rotation and end with one that is done because of a leak; each is audited', async () => {
  const url = await exportUrl();
  const before = await eventCount(server);
  const { signingKey } = await rotate({});
  expect(await eventCount(server)).toBe(before + 1);
  expect(await newestEvent(server)).toEqual({
    actor: admin.email,
    credential: 'pat',
    action: 'signingKey.rotated',
    resource: `signingKey:${signingKey.keyId}`,
    details: { removedKeys: [], now: false },
  });
  expect((await fetch(url)).status).toBe(200);
  const second = await exportUrl();
  expect(new URL(second).searchParams.get('key')).toBe(signingKey.keyId);
  const { removedKeys, signingKey: last } = await rotate({ now: true });
  expect(removedKeys).toHaveLength(2);
  expect((await newestEvent(server)).details).toMatchObject({
    now: true,
    removedKeys: [signingKey.keyId, expect.any(String)],
  });
  for (const each of [url, second]) expect((await fetch(each)).status).toBe(403);
  const { data } = await ask(server, { as: admin, query: '{ signingKeys { keyId createdAt } }' });
  expect(data.signingKeys).toEqual([last]);
});

test('no answer holds the secret of a key', async () => {
  const { keyId } = (await rotate({})).signingKey;
  const secret = readFileSync(join(server.dataDir, 'state/keys', `${keyId}.key`));
  const answers = JSON.stringify([
    await ask(server, {
      as: admin,
      query: '{ signingKeys { keyId createdAt } auditEvents(first: 50) { edges { node { details } } } }',
    }),
    await exportUrl(),
  ]);
  for (const encoding of ['hex', 'base64', 'base64url'] as const)
    expect(answers).not.toContain(secret.toString(encoding));
});

test('who has just lost core.admin rotates nothing', async () => {
  const former = await server.person('former', ['core.admin']);
  await server.run(setCoreRole, { userId: former.id, roleKey: 'core.km_admin' });
  const keys = server.open.services.signingKeys.list();
  await expect(mutate(server, former, { field: 'rotateSigningKey', input: {} })).rejects.toThrow('FORBIDDEN');
  expect(server.open.services.signingKeys.list()).toEqual(keys);
});

test('da admin key rotates and lists', async () => {
  const env = { DA_SERVER: server.url, DA_TOKEN: admin.token };
  const rotated = await da(['admin', 'key', 'rotate', '--now', '--json'], { env });
  const { signingKey } = JSON.parse(rotated.stdout) as { signingKey: { keyId: string; createdAt: string } };
  const { keyId, createdAt } = signingKey;
  const listed = await da(['admin', 'key', 'list', '--json'], { env });
  expect(JSON.parse(listed.stdout)).toEqual([{ key_id: keyId, created_at: createdAt, signs: true }]);
  expect(await da(['admin', 'key', 'rotate'], { env })).toEqual({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^\d{13}-[0-9a-f]{16} signs from now on\.\n$/),
  });
  const viewer = await server.person('viewer', ['core.viewer']);
  expect(await da(['admin', 'key', 'rotate'], { env: { ...env, DA_TOKEN: viewer.token } })).toMatchObject({ code: 4 });
  expect(await da(['admin', 'key', 'list'], { env: { ...env, DA_TOKEN: 'wrong' } })).toMatchObject({ code: 3 });
}, 120_000);
