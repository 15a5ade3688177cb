import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

let server: TestServer;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  const { token } = await server.person('admin', ['core.admin']);
  env = { DA_SERVER: server.url, DA_TOKEN: token };
  for (const name of ['ada', 'ben', 'cleo', 'dora', 'nobody']) await server.person(name, []);
});
afterAll(() => server.close());

const admin = (...words: string[]) => da(['admin', ...words], { env });
const heldBy = async (email: string) => {
  const { stdout } = await admin('effective-roles', email, '--json');
  const { effectiveRoles } = JSON.parse(stdout) as { effectiveRoles: { role: { key: string } }[] };
  return effectiveRoles.map(({ role }) => role.key).toSorted();
};

describe('da admin grant-role and revoke-role', () => {
  test('a role is given and taken away', async () => {
    expect(await admin('grant-role', 'Ada@Example.com', 'core.analyst')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'ada@example.com has the role core.analyst now.\n',
    });
    expect(await heldBy('ada@example.com')).toEqual(['core.analyst', 'core.viewer']);
    expect(await admin('revoke-role', 'ada@example.com', 'core.analyst')).toMatchObject({ code: 0, stdout: '' });
    expect(await heldBy('ada@example.com')).toEqual([]);
  });

  test('--json is the grant', async () => {
    const { stdout, stderr } = await admin('grant-role', 'ben@example.com', 'core.viewer', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      user: 'ben@example.com',
      role: 'core.viewer',
      source: 'DIRECT',
      grantedBy: 'admin@example.com',
    });
    expect(stderr).toBe('');
    expect(JSON.parse((await admin('revoke-role', 'ben@example.com', 'core.viewer', '--json')).stdout)).toMatchObject({
      user: 'ben@example.com',
    });
  });

  test('what cannot be is one sentence and exit 1', async () => {
    expect(await admin('grant-role', 'none@example.com', 'core.viewer')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no user with the e-mail address none@example.com.\n',
    });
    expect((await admin('grant-role', 'ben@example.com', 'core.king')).stderr).toMatch(/core\.king/);
    expect((await admin('grant-role', 'admin@example.com', 'core.admin')).stderr).toMatch(/already/);
    expect(await admin('revoke-role', 'admin@example.com', 'core.viewer')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not given the role core\.viewer directly/),
    });
    expect(await admin('revoke-role', 'admin@example.com', 'core.admin')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/administrator/),
    });
  });

  test('who is no administrator is told the missing role', async () => {
    const { token } = await server.person('analyst', ['core.analyst']);
    const ended = await da(['admin', 'grant-role', 'ada@example.com', 'core.admin'], {
      env: { ...env, DA_TOKEN: token },
    });
    expect(ended).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('core.admin') });
  });
});

describe('da admin set-core-role', () => {
  test('the role takes the place of the core roles given before', async () => {
    await admin('grant-role', 'dora@example.com', 'core.km_admin');
    expect(await admin('set-core-role', 'Dora@example.com', 'core.viewer')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'dora@example.com has core.viewer as the only core role given directly now.\n',
    });
    expect(await heldBy('dora@example.com')).toEqual(['core.viewer']);
    const { stdout } = await admin('set-core-role', 'dora@example.com', 'core.analyst', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ user: 'dora@example.com', role: 'core.analyst', source: 'DIRECT' });
  });

  test('what cannot be is one sentence: another role ends with 2, the last administrator with 1', async () => {
    expect(await admin('set-core-role', 'dora@example.com', 'analyst')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/core\.analyst/),
    });
    expect(await admin('set-core-role', 'admin@example.com', 'core.viewer')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/administrator/),
    });
  });
});

describe('da admin effective-roles', () => {
  test('shows each role with every grant and path that gives it', async () => {
    await admin('grant-role', 'cleo@example.com', 'core.km_admin');
    await admin('grant-role', 'cleo@example.com', 'core.analyst');
    const { code, stdout, stderr } = await admin('effective-roles', 'cleo@example.com');
    expect([code, stderr]).toEqual([0, '']);
    const how = String.raw`\(direct, by admin@example\.com, \d{4}-\d\d-\d\d\)`;
    expect(stdout).toMatch(/^cleo@example\.com\n├─ /);
    expect(stdout).toMatch(new RegExp(`^[│ ]  [├└]─ core\\.km_admin → core\\.analyst ${how}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^[│ ]  [├└]─ core\\.analyst ${how}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^[│ ]  [├└]─ core\\.km_admin → core\\.analyst → core\\.viewer ${how}$`, 'm'));
  });

  test('nobody’s roles are told on stderr', async () => {
    expect(await admin('effective-roles', 'nobody@example.com')).toEqual({
      code: 0,
      stdout: 'nobody@example.com\n',
      stderr: 'nobody@example.com has no role.\n',
    });
  });
});
