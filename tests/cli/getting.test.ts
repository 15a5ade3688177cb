import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packCli } from '../../src/build/cli-package.mjs';
import { sha256 } from '../../src/kernel/ids.ts';
import { installScript } from '../../src/server/install-script.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { openRegistry } from './npm-registry.ts';

const { version, engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  engines: object;
};

let server: TestServer;
let registry: Awaited<ReturnType<typeof openRegistry>>;
let ada: TestPerson;
/** Where the installer of the server has run, and how that ended. */
let installed: ReturnType<typeof makeMachine>;
let ended: Awaited<ReturnType<typeof installed.shell>>;

beforeAll(async () => {
  registry = await openRegistry();
  server = await startTestServer();
  const orders = await server.registerFile('orders', 'id,name\n1,ada\n2,bob\n3,ada\n');
  await server.registerFile('costs', 'id\n7\n');
  await server.sync();
  ada = await server.person('ada', ['core.analyst']);
  await server.run(grantTableAccess, { tableId: orders.id, userId: ada.id });
  installed = makeMachine(realpathSync(mkdtempSync(join(tmpdir(), 'agnes-'))));
  ended = await installed.shell(await (await fetch(`${server.url}/cli/install.sh`)).text());
});

afterAll(async () => {
  rmSync(installed.home, { recursive: true, force: true });
  await server.close();
  registry.close();
});

/** A machine of somebody: a home, and an npm that installs below it. */
function makeMachine(home = scratchFolder()) {
  const bin = join(home, '.local/bin');
  const env = {
    HOME: home,
    PATH: [bin, dirname(process.execPath), process.env['PATH']].join(':'),
    npm_config_prefix: join(home, '.local'),
    npm_config_cache: join(home, '.npm'),
    npm_config_userconfig: join(home, '.npmrc'),
    npm_config_registry: registry.url,
    npm_config_update_notifier: 'false',
  };
  return {
    home,
    async shell(script: string, more: Record<string, string> = {}) {
      const child = spawn('/bin/sh', ['-e'], { cwd: home, env: { ...env, ...more } });
      child.stdin.end(script);
      const [stdout, stderr, code] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        new Promise<number | null>((resolve) => child.once('close', resolve)),
      ]);
      return { code, stdout, stderr };
    },
  };
}

describe('what stands under /cli/', () => {
  test('the package is the one that latest tells of, the same bytes for the same sources, and needs DuckDB alone', async () => {
    const response = await fetch(`${server.url}/cli/da.tgz`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/gzip',
      'content-length': String(bytes.length),
      'cache-control': 'no-cache',
      etag: `"${sha256(bytes)}"`,
    });
    expect(await (await fetch(`${server.url}/cli/latest`)).json()).toEqual({
      version,
      url: `${server.url}/cli/da.tgz`,
      sha256: sha256(bytes),
    });
    expect(sha256(await packCli())).toBe(sha256(bytes));

    const folder = scratchFolder();
    writeFileSync(join(folder, 'da.tgz'), bytes);
    const { shell } = makeMachine();
    expect(await shell(`cd ${folder} && tar xzf da.tgz`)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'))).toMatchObject({
      version,
      engines,
      bin: { da: 'da.js' },
      dependencies: { '@duckdb/node-bindings': expect.any(String) },
    });
  });

  test('is asked by GET and HEAD, is not sent twice, and is the same whatever a request calls the host', async () => {
    for (const name of ['da.tgz', 'latest', 'install.sh']) {
      const url = `${server.url}/cli/${name}`;
      const whole = await fetch(url);
      const body = await whole.text();
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, await head.text()], name).toEqual([200, '']);
      const etag = whole.headers.get('etag')!;
      expect(head.headers.get('etag')).toBe(etag);
      expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
      expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(405);
      const foreign = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' };
      expect(await askAs(url, foreign)).toEqual({ status: 200, body });
    }
    expect((await fetch(`${server.url}/cli/other`)).status).toBe(404);
    for (const Host of ['evil.example"; touch /tmp/x; "', '$(id)', 'a b', '-x', 'a@b', 'a/b', '']) {
      expect(await askAs(`${server.url}/cli/install.sh`, { Host }), Host).toMatchObject({ status: 400 });
    }
  });

  /** `fetch` does not let a request name another host. */
  function askAs(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers, setHost: false }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
      });
      sent.once('error', reject).end();
    });
  }
});

describe('the installer', () => {
  test('installs the da of this server, which works, and says what is next', async () => {
    const { home, shell } = installed;
    const { code, stdout, stderr } = ended;
    expect([code, stdout.split('\n').slice(-3)], stderr).toEqual([
      0,
      [`da ${version} is installed.`, `Next: da auth login --server ${server.url}`, ''],
    ]);
    expect(await shell('da --help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: da'),
      stderr: '',
    });
    const asked = await shell('da tables list --json', { DA_SERVER: server.url, DA_TOKEN: ada.token });
    expect(JSON.parse(asked.stdout)).toMatchObject([{ sql_name: 'shop.orders' }]);
    expect(existsSync(join(home, '.config'))).toBe(false);
  });

  test('says in one sentence that Node or npm is missing or too old, and installs nothing', async () => {
    const { home, shell } = makeMachine();
    const script = installScript({ server: server.url, node: '20.19' });
    const bin = join(home, 'old');
    mkdirSync(bin);
    const program = (name: string, body: string) =>
      writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    const run = () => shell(script, { PATH: bin });

    expect(await run()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Node\.js is missing: .*20\.19.*\n$/),
    });
    program('node', '[ "$1" = --version ] && echo v18.20.1 && exit 0; exit 1');
    expect(await run()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Node\.js v18\.20\.1 is too old: .*\n$/),
    });
    program('node', `exec ${process.execPath} "$@"`);
    expect(await run()).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^npm is missing: .*\n$/) });
    program('npm', 'echo 6.14.18');
    expect(await run()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^npm 6\.14\.18 is too old: .*\n$/),
    });
    expect(existsSync(join(home, '.local'))).toBe(false);
  });

  test('bakes an address in as text, and does nothing when the download breaks off', async () => {
    const { home, shell } = makeMachine();
    const server = `https://agnes.example.com/it's$(touch pwned)\`touch pwned\`;touch pwned\n touch pwned`;
    const script = installScript({ server, node: '20.19' });
    const before = script.slice(0, script.lastIndexOf('main'));
    expect(await shell(`${before}printf %s "$server"`)).toEqual({ code: 0, stdout: server, stderr: '' });
    const next = /^ {2}printf 'Next: .*? [^]*?(?=\n\})/m.exec(script)![0];
    expect((await shell(`eval "set -- $(${next} | sed '1s/Next: //')"\nprintf %s "$5"`)).stdout).toBe(server);
    for (const end of [0.3, 0.6, 0.99]) await shell(before.slice(0, before.length * end));
    expect(existsSync(join(home, 'pwned'))).toBe(false);
    expect(existsSync(join(home, '.local'))).toBe(false);
  });
});

describe('the text that sets up an agent', () => {
  const query =
    'mutation { setUpAgent { __typename ... on SetUpAgentPayload { text token { id name readOnly expiresAt } } } }';

  test('does so: each of its commands works as it stands, and ends as it says', async () => {
    const { home, shell } = makeMachine();
    const { data } = await ask(server, { as: { session: ada.session }, query });
    const { text: given, token } = data.setUpAgent;
    expect(token).toMatchObject({ name: expect.stringMatching(/^Agent, set up on \d{4}-\d\d-\d\d$/), readOnly: false });
    const days = (Date.parse(token.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThanOrEqual(90);
    const script = blocksOf(given, 'sh').join('\n');
    expect(script.match(/^da /gm)!.length).toBeGreaterThan(6);
    const { code, stdout, stderr } = await shell(script);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`Signed in to ${server.url} as ada@example.com`);
    expect(stdout).toContain(`\n${version}\n`);
    expect(stdout).toContain('ok    signed in: ada@example.com\n');
    expect(stdout).not.toContain('FAIL');
    expect(readFileSync(join(home, 'agnes-127.0.0.1/AGENTS.md'), 'utf8')).toContain('shop.orders');
    expect(readFileSync(join(home, 'agnes-127.0.0.1/AGENTS.md'), 'utf8')).not.toContain('shop.costs');
    expect(given).toContain('~/agnes-127.0.0.1');
    expect(given).toContain(token.expiresAt.slice(0, 10));
  });

  test('is given to a person at a browser alone, with one row of the audit, and can change nothing for an administrator', async () => {
    const admin = await server.person('admin', ['core.admin']);
    const refused = await ask(server, { as: { token: admin.token }, query });
    expect(refused.errors![0]!.extensions['code']).toBe('INTERACTIVE_SIGN_IN_REQUIRED');
    const { data } = await ask(server, { as: { session: admin.session }, query });
    expect(data.setUpAgent.token.readOnly).toBe(true);
    const secret = /agnes_pat_[\w-]+/.exec(data.setUpAgent.text as string)![0];
    const audit = '{ auditEvents(first: 2, action: "token.created") { edges { node { actor resource details } } } }';
    const told = await ask(server, { as: { token: secret }, query: audit });
    const [row] = told.data.auditEvents.edges;
    expect(row.node.details).toMatchObject({ name: data.setUpAgent.token.name, readOnly: true });
    expect(JSON.stringify(told.data)).not.toContain(secret);
    const changed = await ask(server, {
      as: { token: secret },
      query: 'mutation { startSync(input: { source: "shop" }) { __typename } }',
    });
    expect(changed.errors![0]!.extensions['code']).toBe('READ_ONLY_TOKEN');
  });
});

test('the steps of the CI example in the documents work as they stand', async () => {
  const { home, shell } = installed;
  const page = readFileSync('docs/analyst.md', 'utf8').replaceAll('https://agnes.example.com', server.url);
  const [workflow] = blocksOf(page, 'yaml').map((block) => parse(block) as Workflow);
  const { env, steps } = workflow!.jobs.report;
  expect(env['DA_TOKEN']).toBe('${{ secrets.DA_TOKEN }}');
  // What it runs is what the installer has run here.
  const [install, ...others] = steps;
  expect(install!.run).toBe('npm install --global "$DA_SERVER/cli/da.tgz"');
  for (const { name, run } of others) {
    const { code, stderr } = await shell(run, { ...env, DA_TOKEN: ada.token, CI: 'true' });
    expect([name, code], stderr).toEqual([name, 0]);
  }
  expect(steps.length).toBeGreaterThan(3);
  expect(readFileSync(join(home, 'orders.csv'), 'utf8')).toBe('orders\r\n3\r\n');
  expect(JSON.parse(readFileSync(join(home, 'sync.json'), 'utf8'))).toMatchObject({ tables: 1 });
  const rows = await readRows(`SELECT * FROM '${join(home, 'by-name.parquet')}' ORDER BY name`);
  expect(rows).toEqual([
    { name: 'ada', orders: '2' },
    { name: 'bob', orders: '1' },
  ]);
});

interface Workflow {
  readonly jobs: { report: { env: Record<string, string>; steps: { name: string; run: string }[] } };
}

function blocksOf(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
}
