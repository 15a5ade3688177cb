import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setCoreRole } from '../../src/access/set-core-role.ts';
import { insertIdentity } from '../../src/identity/identity.store.ts';
import { putSetting } from '../../src/identity/instance-settings.store.ts';
import { createUser } from '../../src/people/create-user.ts';
import { setSecret } from '../../src/registry/set-secret.ts';
import { startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

// Many starts of `da`, each of which is slow on a busy machine; nothing here asserts a time.
vi.setConfig({ testTimeout: 120_000 });

const provider = {
  id: 'partners',
  label: 'Partners',
  issuer: 'https://login.example.org',
  clientId: 'agnes',
  clientSecretEnv: 'PARTNERS_CLIENT_SECRET',
};

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
  await server.open.services.store.write(async (tx) => {
    await putSetting(tx, 'providers', [provider]);
    const linked = { issuer: provider.issuer, subject: '1', provider: provider.id };
    await insertIdentity(tx, { ...linked, userId: analyst.id, email: analyst.email });
  });
  await server.run(setSecret, { name: provider.clientSecretEnv, value: 'never shown' });
});
afterAll(() => server.close());

const as = (token: string | null, line: string) =>
  da(line.split(' '), { env: { DA_SERVER: server.url, ...(token !== null && { DA_TOKEN: token }) } });
const json = async (token: string, line: string) => JSON.parse((await as(token, `${line} --json`)).stdout);
const sentence = (words: string) => expect.stringMatching(new RegExp(`^[^\\n]*${words}[^\\n]*\\n$`));

test.each([
  ['admin user invite new@example.com', 'admin user invite nobody@example.com', 1, 'nobody@example.com'],
  [
    'admin user reset-password new@example.com',
    'admin user reset-password nobody@example.com',
    1,
    'nobody@example.com',
  ],
  ['identity list --user new@example.com', 'identity list --user nobody@example.com', 1, 'nobody@example.com'],
  ['admin key list', 'admin key list --format xml', 2, 'xml'],
  ['admin key rotate', 'admin key rotate soon', 2, 'Expected 0 arguments but got 1.'],
  ['admin secret list', 'admin secret list --format xml', 2, 'xml'],
  ['admin secret remove PARTNERS_CLIENT_SECRET', 'admin secret remove PATH', 2, 'PARTNERS_CLIENT_SECRET'],
])(
  'da %s is for administrators: not for who has just lost the role nor for nobody; `da %s` is code %i',
  async (line, wrong, code, word) => {
    const [nobody, lost, faulty] = await Promise.all([as(null, line), as(former.token, line), as(admin.token, wrong)]);
    expect(nobody).toEqual({ code: 3, stdout: '', stderr: sentence('.') });
    expect(lost).toEqual({ code: 4, stdout: '', stderr: sentence('core.admin') });
    expect(faulty).toEqual({ code, stdout: '', stderr: expect.stringContaining(word) });
  },
);

test('an administrator makes links, which are printed alone when there is no mail server', async () => {
  const [invited, reset] = await Promise.all([
    as(admin.token, 'admin user invite new@example.com'),
    as(admin.token, `admin user reset-password ${analyst.email}`),
  ]);
  expect(invited).toMatchObject({ code: 0, stderr: sentence('No mail went to new@example.com') });
  expect(invited.stdout).toMatch(new RegExp(`^${server.url}/invite#[\\w-]{43}\\n$`));
  expect(reset.stdout).toMatch(new RegExp(`^${server.url}/reset-password#[\\w-]{43}\\n$`));
});

test('secrets are listed and removed, and never shown', async () => {
  const listed = await as(admin.token, 'admin secret list');
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/PARTNERS_CLIENT_SECRET.*provider partners/) });
  const removed = await as(admin.token, 'admin secret remove PARTNERS_CLIENT_SECRET');
  expect(removed).toEqual({ code: 0, stdout: '', stderr: sentence('needed by provider partners') });
  const after = await json(admin.token, 'admin secret list');
  expect(after).toContainEqual(expect.objectContaining({ name: provider.clientSecretEnv, is_set: false }));
  expect(JSON.stringify([listed, removed, after])).not.toContain('never shown');
});

test('one lists and unlinks one’s own accounts; what is not one’s own does not exist, and bad words say what is wrong', async () => {
  const [own] = await json(analyst.token, 'identity list');
  expect(own).toMatchObject({ provider: 'partners', issuer: provider.issuer, email: analyst.email });
  const [nobody, unsigned, others, wrong, missing] = await Promise.all([
    as(null, 'identity list'),
    as(null, `identity unlink ${own.id}`),
    as(former.token, `identity unlink ${own.id}`),
    as(analyst.token, 'identity unlink nothing'),
    as(analyst.token, 'identity unlink'),
  ]);
  expect([nobody.code, unsigned.code]).toEqual([3, 3]);
  expect(others).toEqual({ code: 1, stdout: '', stderr: 'There is no identity with this id.\n' });
  expect(wrong).toEqual({ code: 1, stdout: '', stderr: sentence('nothing') });
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("'id'") });
  expect(await json(admin.token, `identity list --user ${analyst.email}`)).toEqual([own]);
  const unlinked = await as(admin.token, `identity unlink ${own.id}`);
  expect(unlinked).toEqual({ code: 0, stdout: '', stderr: sentence('signs nobody in any more') });
  expect(await json(analyst.token, 'identity list')).toEqual([]);
});

test('a token is narrowed by options; nobody and a token make none, and bad words say what is wrong', async () => {
  const { id } = await server.registerFile('orders', 'id\n1\n');
  const line = 'token create narrow --read-only --table shop.orders --role core.viewer --never';
  expect(await json(admin.session, line)).toMatchObject({
    expiresAt: null,
    readOnly: true,
    tableIds: [`Table:${id}`],
    roleKeys: ['core.viewer'],
  });
  const [nobody, token, both, days, table, role] = await Promise.all([
    as(null, line),
    as(admin.token, line),
    as(admin.session, 'token create x --never --expires-in-days 3'),
    as(admin.session, 'token create x --expires-in-days soon'),
    as(analyst.session, 'token create x --table shop.orders'),
    as(analyst.session, 'token create x --role core.admin'),
  ]);
  expect([nobody.code, token.code, both.code, days.code]).toEqual([3, 4, 2, 2]);
  expect(days.stderr).toContain('Give a whole number from 1 on.');
  expect(table).toMatchObject({ code: 1, stdout: '', stderr: sentence('shop.orders') });
  expect(role).toMatchObject({ code: 2, stdout: '', stderr: sentence('core.admin') });
});
