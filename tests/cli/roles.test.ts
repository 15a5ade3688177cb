import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replaceExternalGroups } from '../../src/people/replace-external-groups.ts';
import { startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

let server: TestServer;
let env: Record<string, string>;
let ada: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  const { token } = await server.person('admin', ['core.admin']);
  env = { DA_SERVER: server.url, DA_TOKEN: token };
  ada = await server.person('ada', []);
});
afterAll(() => server.close());

const admin = (...words: string[]) => da(['admin', ...words], { env });
const told = async (...words: string[]) => {
  const { code, stdout, stderr } = await admin(...words, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

describe('da admin role', () => {
  test('create, update, show, list and delete a role', async () => {
    expect(await admin('role', 'create', 'sales.reader', '--name', 'Sales reader')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'There is a role sales.reader now; `da admin grant-role` gives it to somebody.\n',
    });
    const lead = ['role', 'create', 'sales.lead', '--name', 'Lead', '--implies', 'core.analyst', 'sales.reader'];
    expect(await told(...lead)).toEqual({
      key: 'sales.lead',
      displayName: 'Lead',
      description: '',
      implies: [{ key: 'core.analyst' }, { key: 'sales.reader' }],
    });
    const changed = await told('role', 'update', 'sales.lead', '--description', 'Leads.', '--implies', 'sales.reader');
    expect(changed).toMatchObject({ displayName: 'Lead', description: 'Leads.', implies: [{ key: 'sales.reader' }] });
    expect(await told('role', 'update', 'sales.lead', '--implies')).toMatchObject({ implies: [] });
    await admin('role', 'update', 'sales.lead', '--implies', 'sales.reader');

    expect((await admin('role', 'show', 'sales.reader')).stdout).toMatch(/^implied by  sales\.lead$/m);
    const { stdout } = await admin('role', 'list');
    expect(stdout).toMatch(/^key +name +owner +core +grants +mappings +implies$/m);
    expect(stdout).toMatch(/^core\.admin +Administrator +core +true +1 +0 +core\.km_admin, query\.remote_spender$/m);
    expect(await told('role', 'list')).toContainEqual({
      key: 'sales.lead',
      name: 'Lead',
      owner: 'sales',
      core: false,
      grants: 0,
      mappings: 0,
      implies: 'sales.reader',
    });

    expect(await admin('role', 'delete', 'sales.reader')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The role sales.reader is in use: what sales.lead implies by it would go along; ask for that with --remove-uses.\n',
    });
    expect(await told('role', 'delete', 'sales.reader', '--remove-uses')).toEqual({
      key: 'sales.reader',
      removed: { roleGrants: 0, groupMappings: 0, tableGrants: 0, impliedBy: [{ key: 'sales.lead' }] },
    });
    expect(await admin('role', 'delete', 'sales.lead')).toMatchObject({ code: 0, stdout: '' });
  });

  test('what cannot be is one sentence', async () => {
    expect(await admin('role', 'show', 'no.role')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no role with the key "no.role".\n',
    });
    expect(await admin('role', 'create', 'core.king', '--name', 'King')).toMatchObject({ code: 2, stdout: '' });
    expect(await admin('role', 'create', 'king')).toMatchObject({ code: 2, stderr: expect.stringMatching(/--name/) });
    expect(await admin('role', 'update', 'core.viewer')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--name/),
    });
    expect(await admin('role', 'update', 'core.viewer', '--name', 'God')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/defined by Agnes itself/),
    });
    expect(await admin('role', 'delete', 'core.viewer', '--remove-uses')).toMatchObject({ code: 1, stdout: '' });
    expect(await admin('role')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('create') });
    expect(await admin('role', 'lst')).toEqual({
      code: 2,
      stdout: '',
      stderr: "Unknown command 'lst'; did you mean list?\n",
    });
  });
});

describe('da admin mapping', () => {
  test('a mapping is made, listed, shown where it counts, and deleted', async () => {
    await server.open.services.store.write((tx) =>
      replaceExternalGroups(tx, { userId: ada.id, provider: 'idp', groups: [{ id: 'eng@example.com' }] }),
    );
    const made = await told('mapping', 'create', 'eng@example.com', 'core.analyst');
    expect(made).toEqual({
      id: expect.stringMatching(/^GroupMapping:/),
      externalGroupId: 'eng@example.com',
      role: 'core.analyst',
      assignedBy: 'admin@example.com',
      assignedAt: expect.any(String),
    });
    const row = { id: made.id, group: 'eng@example.com', role: 'core.analyst' };
    expect(await told('mapping', 'list')).toMatchObject([row]);
    expect((await admin('mapping', 'list')).stdout).toMatch(/^id +group +role +assigned_by +assigned_at$/m);
    expect((await admin('effective-roles', ada.email)).stdout).toMatch(
      /core\.analyst → core\.viewer \(group eng@example\.com, by admin@example\.com, \d{4}-\d\d-\d\d\)$/m,
    );
    expect(await told('role', 'show', 'core.analyst')).toMatchObject({
      mappingCount: 1,
      mappings: [{ id: made.id, externalGroupId: 'eng@example.com' }],
    });
    expect(await admin('mapping', 'create', 'eng@example.com', 'core.analyst')).toMatchObject({
      code: 1,
      stderr: 'The group eng@example.com is mapped to the role core.analyst already.\n',
    });
    expect(await admin('mapping', 'create', ' ', 'core.analyst')).toMatchObject({ code: 2, stdout: '' });
    expect(await admin('mapping', 'delete', made.id)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'The group eng@example.com is not mapped to the role core.analyst any more.\n',
    });
    expect(await admin('mapping', 'delete', made.id)).toMatchObject({ code: 1, stdout: '' });
    expect((await admin('mapping', 'list', '--json')).stdout).toBe('[]\n');
  });
});

test('da admin grant-role takes a period', async () => {
  const [startsAt, expiresAt] = ['2131-01-31T08:00:00.000Z', '2131-02-01T00:00:00.000Z'];
  const period = ['--starts-at', '2131-01-31T09:00:00+01:00', '--expires-at', '2131-02-01'];
  expect(await admin('grant-role', ada.email, 'core.admin', ...period)).toEqual({
    code: 0,
    stdout: '',
    stderr: `ada@example.com has the role core.admin from ${startsAt} until ${expiresAt}.\n`,
  });
  await admin('revoke-role', ada.email, 'core.admin');
  expect(await told('grant-role', ada.email, 'core.admin', '--expires-at', expiresAt)).toMatchObject({
    startsAt: null,
    expiresAt,
  });
  for (const wrong of ['soon', '2131-13-01', '2131-01-31T09:00:00', '5']) {
    expect(await admin('grant-role', ada.email, 'core.viewer', '--starts-at', wrong)).toEqual({
      code: 2,
      stdout: '',
      stderr: '--starts-at takes an instant with its zone, such as 2031-01-31T09:00:00Z, or a date.\n',
    });
  }
  expect(await admin('grant-role', ada.email, 'core.viewer', '--expires-at', '2001-01-01')).toMatchObject({ code: 2 });
});

test('the commands are for administrators', async () => {
  const { token } = await server.person('analyst', ['core.analyst']);
  const commands = [
    ['role', 'create', 'own', '--name', 'Own'],
    ['role', 'update', 'own', '--name', 'Own'],
    ['role', 'delete', 'own'],
    ['role', 'show', 'core.viewer'],
    ['mapping', 'list'],
    ['mapping', 'create', 'eng', 'core.viewer'],
    ['mapping', 'delete', 'GroupMapping:none'],
  ];
  const ended = await Promise.all(
    commands.map((words) => da(['admin', ...words], { env: { ...env, DA_TOKEN: token } })),
  );
  for (const { code, stdout, stderr } of ended) {
    expect([code, stdout, stderr]).toEqual([4, '', expect.stringContaining('core.admin')]);
  }
  expect(await da(['admin', 'mapping', 'list'], { env: { DA_SERVER: server.url } })).toMatchObject({ code: 3 });
});

test('completions offer the verbs under admin role and admin mapping', async () => {
  for (const [noun, verbs] of [
    ['role', ['create', 'delete', 'list', 'show', 'update']],
    ['mapping', ['create', 'delete', 'list']],
  ] as const) {
    const { stdout } = await da(['complete', '--', 'admin', noun, '']);
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(expect.arrayContaining([...verbs]));
  }
});
