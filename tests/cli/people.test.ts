import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

// Many starts of `da`, each of which is slow on a busy machine; nothing here asserts a time.
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
});
afterAll(() => server.close());

const as = (token: string, ...words: string[]) => da(words, { env: { DA_SERVER: server.url, DA_TOKEN: token } });
const run = (...words: string[]) => as(admin.token, ...words);
const json = async (...words: string[]) => JSON.parse((await run(...words, '--json')).stdout) as unknown;

describe('da admin user', () => {
  test('create, update, show, list, deactivate, activate', async () => {
    expect(await run('admin', 'user', 'create', 'Ada@Example.com', '--name', 'Ada')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('ada@example.com is a user now'),
    });
    expect(await run('admin', 'user', 'update', 'ada@example.com')).toMatchObject({ code: 2 });
    expect(await json('admin', 'user', 'update', 'ada@example.com', '--name', '')).toMatchObject({ name: null });
    expect(await json('admin', 'user', 'deactivate', 'ada@example.com')).toMatchObject({ active: false });
    const shown = await run('admin', 'user', 'show', 'ada@example.com');
    expect(shown.stdout).toMatch(/^email: +ada@example\.com\nname:\nactive: +no\nroles: +none\n/);
    expect(shown.stdout).toContain('deletion takes: nothing\n');
    expect(await json('admin', 'user', 'activate', 'ada@example.com')).toMatchObject({ active: true });
    const list = (await json('admin', 'user', 'list', '--search', 'ada')) as { email: string }[];
    expect(list.map(({ email }) => email)).toEqual(['ada@example.com']);
  });

  test('delete tells what goes along, and without a terminal only with --yes', async () => {
    const { email, id } = await server.person('goner', ['core.viewer']);
    expect(await run('admin', 'user', 'delete', email)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    expect(server.open.services.accessIndex.user(id)).toBeDefined();
    expect(await run('admin', 'user', 'delete', email, '--yes')).toEqual({
      code: 0,
      stdout: '',
      stderr: `With ${email} goes: 1 session, 1 token, 1 role grant.\n${email} is deleted.\n`,
    });
    expect(server.open.services.accessIndex.user(id)).toBeUndefined();
    expect(await run('admin', 'user', 'delete', email, '--yes')).toMatchObject({ code: 1 });
  });
});

test('tokens are listed and revoked, one’s own and, by administrators, everybody’s', async () => {
  const viewer = await server.person('viewer', ['core.viewer']);
  const own = await as(viewer.token, 'token', 'list', '--json');
  const [token] = JSON.parse(own.stdout) as { id: string; name: string }[];
  expect(token).toMatchObject({ name: 'test', last_used_address: null });
  expect(await json('admin', 'token', 'list', '--user', viewer.email)).toMatchObject([
    { owner: viewer.email, id: token!.id },
  ]);
  expect((await as(viewer.token, 'admin', 'token', 'list')).code).toBe(4);
  expect(await run('admin', 'token', 'revoke', token!.id)).toMatchObject({
    code: 0,
    stderr: 'The token test has ended.\n',
  });
  expect((await as(viewer.token, 'token', 'list')).code).toBe(3);
});

test('a token makes no token and says so without naming a role; a session does', async () => {
  expect(await run('token', 'create', 'child')).toEqual({
    code: 4,
    stdout: '',
    stderr: 'This needs a sign-in at a browser; a token cannot do it.\n',
  });
  const { code, stdout, stderr } = await as(admin.session, 'token', 'create', 'child', '--expires-in-days', '3');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^agnes_pat_[\w-]{43}\n$/)]);
  expect(stderr).toContain('The token child is shown this once');
});

test('da audit list filters, ends at --limit, and names a wrong instant', async () => {
  await run('admin', 'user', 'create', 'audited@example.com');
  const events = (await json('audit', 'list', '--action', 'user.created', '--actor', admin.email, '--limit', '1')) as {
    action: string;
    actor: string;
  }[];
  expect(events).toMatchObject([{ action: 'user.created', actor: admin.email, credential: 'pat' }]);
  expect(await json('audit', 'list', '--since', '2999-01-01')).toEqual([]);
  expect(await run('audit', 'list', '--since', 'yesterday')).toMatchObject({
    code: 2,
    stderr: 'yesterday is no instant; write it like 2026-01-31 or 2026-01-31T09:30:00Z.\n',
  });
});
