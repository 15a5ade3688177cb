import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setCoreRole } from '../../src/access/set-core-role.ts';
import { createUser } from '../../src/people/create-user.ts';
import { startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

// Many starts of `da`, each of which is slow on a busy machine; nothing here asserts a time.
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
let admin: TestPerson;
let analyst: TestPerson;
let former: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  analyst = await server.person('analyst', ['core.analyst']);
  former = await server.person('former', ['core.admin']);
  await server.run(setCoreRole, { userId: former.id, roleKey: 'core.viewer' });
  await server.run(createUser, { email: 'new@example.com' });
});
afterAll(() => server.close());

const as = (token: string | null, ...words: string[]) =>
  da(words, { env: { DA_SERVER: server.url, ...(token !== null && { DA_TOKEN: token }) } });

test.each([
  ['admin user invite new@example.com'],
  ['admin user reset-password new@example.com'],
  ['identity list --user new@example.com'],
  ['admin key list'],
  ['admin key rotate'],
  ['admin secret list'],
  ['admin secret remove PARTNERS_CLIENT_SECRET'],
])('da %s is for administrators: not for nobody, the wrong person, and who has just lost the role', async (line) => {
  const words = line.split(' ');
  const [nobody, wrong, lost] = await Promise.all([
    as(null, ...words),
    as(analyst.token, ...words),
    as(former.token, ...words),
  ]);
  expect([nobody.code, wrong.code, lost.code]).toEqual([3, 4, 4]);
  expect([nobody.stdout, wrong.stdout, lost.stdout]).toEqual(['', '', '']);
});

test('an administrator makes links, which are printed when there is no mail server', async () => {
  const invited = await as(admin.token, 'admin', 'user', 'invite', 'new@example.com', '--json');
  expect([invited.code, invited.stdout]).toEqual([0, expect.stringContaining(`${server.url}/invite#`)]);
  const reset = await as(admin.token, 'admin', 'user', 'reset-password', analyst.email, '--json');
  expect([reset.code, reset.stdout]).toEqual([0, expect.stringContaining(`${server.url}/reset-password#`)]);
});

test('an administrator lists and rotates the signing keys, and lists the secrets', async () => {
  const keys = async () =>
    JSON.parse((await as(admin.token, 'admin', 'key', 'list', '--json')).stdout) as {
      key_id: string;
      signs: boolean;
    }[];
  const [before] = await keys();
  expect(await as(admin.token, 'admin', 'key', 'rotate', '--now')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`ended: ${before!.key_id}`),
  });
  const after = await keys();
  expect(after).toMatchObject([{ signs: true }]);
  expect(after[0]!.key_id).not.toBe(before!.key_id);
  expect(await as(admin.token, 'admin', 'secret', 'list')).toMatchObject({ code: 0 });
  expect((await as(admin.token, 'admin', 'secret', 'remove', 'PATH')).code).not.toBe(0);
});

test('everybody signed in lists their own accounts at providers; what is not theirs to unlink does not exist', async () => {
  expect(await as(null, 'identity', 'list')).toMatchObject({ code: 3, stdout: '' });
  expect(await as(analyst.token, 'identity', 'list', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  expect((await as(null, 'identity', 'unlink', 'Identity:nothing')).code).toBe(3);
  expect((await as(analyst.token, 'identity', 'unlink', 'Identity:nothing')).code).toBe(1);
});

test('a token is narrowed by options; nobody and a token make none', async () => {
  const { id } = await server.registerFile('orders', 'id\n1\n');
  const words = [
    'token',
    'create',
    'narrow',
    '--read-only',
    '--table',
    'shop.orders',
    '--role',
    'core.viewer',
    '--never',
  ];
  const made = await as(admin.session, ...words, '--json');
  expect(made.code).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({
    expiresAt: null,
    readOnly: true,
    tableIds: [`Table:${id}`],
    roleKeys: ['core.viewer'],
  });
  expect((await as(null, ...words)).code).toBe(3);
  expect((await as(admin.token, ...words)).code).toBe(4);
  expect((await as(admin.session, 'token', 'create', 'x', '--never', '--expires-in-days', '3')).code).toBe(2);
});
