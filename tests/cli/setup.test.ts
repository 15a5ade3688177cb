import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setCoreRole } from '../../src/access/set-core-role.ts';
import { createSetupSecret } from '../../src/identity/setup.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

let server: TestServer;
let folder: string;
let home: string;

beforeAll(async () => {
  server = await startTestServer();
  home = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-setup-')));
  folder = join(server.files, 'shop');
  mkdirSync(folder);
  writeFileSync(join(folder, 'orders.csv'), 'id,total\n1,10\n2,20\n');
  writeFileSync(join(folder, 'customers.csv'), 'id\n1\n');
});
afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true });
});

const run = (...words: string[]) => da(words, { env: { XDG_CONFIG_HOME: home } });

function put(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

test('without a terminal it names what is missing and does nothing', async () => {
  expect(await run('setup', '--server', server.url)).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'Without a terminal this has to be said by options or by --file: --link-file, --email, --password-file, --name (or --skip name), --source (or --skip source), --connector, --config, --tables.\n',
  });
  expect(await run('setup', 'verify', '--server', server.url)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^ok {4}server: .*\nok {4}version: .*\nFAIL {2}administrator: .*da setup\.\n$/),
  });
});

test.each([
  ['instance: x', 'is not a setup'],
  ['tables: [', 'cannot be read'],
  ['administrator: { passwordFile: ./nowhere }', 'cannot be read (ENOENT)'],
  ['source: { name: shop }', 'source.connector'],
])('the file %j is refused with its fault', async (text, sentence) => {
  const ended = await run('setup', '--server', server.url, '--file', put('broken.yaml', text));
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) });
});

test('a file leads from an empty instance to rows that can be queried; a link that is wrong leads nowhere', async () => {
  put('password', 'correct horse battery staple\n');
  put('link', `${server.url}/setup#${await createSetupSecret(server.open.services)}\n`);
  const file = put(
    'setup.yaml',
    `name: Example data
signIn: { allowedDomains: [example.com] }
administrator: { linkFile: link, passwordFile: password, email: ada@example.com, name: Ada }
source: { name: shop, connector: files, config: { folder: ${folder} } }
tables: [orders]
`,
  );
  const wrong = await run('setup', '--file', file, '--link-file', put('wrong', `${server.url}/setup#wrong`));
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('This setup link is not valid') });

  const ended = await run('setup', '--file', file);
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('ada@example.com administers')]);
  expect(ended.stderr).toContain(
    'The instance is called Example data.\nThe source shop is connected.\nRegistered shop.orders.',
  );
  expect(ended.stderr).not.toMatch(/correct horse|agnes_|setup#/);
  expect(ended.stdout).toContain('shop.orders');
  expect(statSync(join(home, 'agnes/config.json')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(server.dataDir, 'instance.yaml'), 'utf8')).toContain('name: Example data');
  const queried = await run('query', '--remote', 'SELECT sum(total) AS sum FROM shop.orders', '--json');
  expect(JSON.parse(queried.stdout)).toMatchObject([{ sum: '30' }]);
  const sessions = await server.open.services.store.db.selectFrom('sessions').select('id').execute();
  expect(sessions).toEqual([]);

  const verified = await run('setup', 'verify');
  expect(verified.code).toBe(0);
  expect(verified.stdout.split('\n').map((line) => line.slice(0, 22))).toEqual(
    expect.arrayContaining(['ok    source shop: rea', 'ok    tables of shop: ', 'ok    table shop.order']),
  );

  // What is done is left as it is, and the next table comes in.
  const again = await run('setup', '--file', file, '--tables', 'all');
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('The source shop is there already.\nRegistered shop.customers.');
});

test('verify names each check that fails and what to do, and ends with 1', async () => {
  writeFileSync(join(folder, 'orders.csv'), 'id,total\n1\n1,2,3,4\n');
  await server.sync();
  const { code, stdout } = await run('setup', 'verify', '--json');
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { check: string; ok: boolean; todo: string }[] };
  expect([code, ok]).toEqual([1, false]);
  expect(checks.filter((check) => !check.ok)).toMatchObject([
    { check: 'table shop.orders', todo: expect.stringContaining('Its last sync failed') },
  ]);
});

test('a refused connection check is one sentence, and no source is made', async () => {
  const config = JSON.stringify({ folder: '/etc' });
  const words = ['--source', 'other', '--connector', 'files', '--config', config, '--tables', 'all'];
  expect(await run('setup', ...words)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('FILES_ALLOWED_ROOTS'),
  });
  expect(server.open.services.registry.sourceByName('other')).toBeNull();
});

test(
  'nobody, the wrong person, and one who has just lost the role set up nothing and verify nothing',
  { timeout: 90_000 },
  async () => {
    const analyst = await server.person('analyst', ['core.analyst']);
    const former = await server.person('former', ['core.admin']);
    const rename = (env: Record<string, string>) =>
      da(['setup', '--name', 'Taken over', '--skip', 'source'], { env: { DA_SERVER: server.url, ...env } });
    const verify = (env: Record<string, string>) => da(['setup', 'verify'], { env: { DA_SERVER: server.url, ...env } });
    expect((await rename({})).code).toBe(3);
    expect((await rename({ DA_TOKEN: analyst.token })).code).toBe(4);
    expect((await verify({ DA_TOKEN: former.token })).stdout).toContain('ok    signed in');
    await server.run(setCoreRole, { userId: former.id, roleKey: 'core.viewer' });
    expect((await rename({ DA_TOKEN: former.token })).code).toBe(4);
    for (const env of [{}, { DA_TOKEN: former.token }] as Record<string, string>[]) {
      expect(await verify(env)).toMatchObject({ code: 1, stdout: expect.stringMatching(/FAIL {2}signed in: .*\n$/) });
    }
    expect(server.open.services.instanceSettings.name).toBe('Example data');
  },
);
