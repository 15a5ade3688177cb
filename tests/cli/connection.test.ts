import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { startForeignServer } from './foreign-server.ts';
import { da } from './run-da.ts';

let server: TestServer;
let ada: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.person('ada', ['core.analyst']);
  ben = await server.person('ben', []);
});
afterAll(() => server.close());

const configFile = (configHome: string) => join(configHome, 'agnes/config.json');

function store(configHome: string, stored: object): void {
  mkdirSync(join(configHome, 'agnes'), { recursive: true });
  writeFileSync(configFile(configHome), JSON.stringify(stored));
}

async function whoami(env: Record<string, string>, words: readonly string[] = []): Promise<unknown> {
  const { code, stdout } = await da(['auth', 'whoami', '--json', ...words], { env });
  return code === 0 ? (JSON.parse(stdout) as { email: string }).email : code;
}

describe('da auth import-token', () => {
  test('stores server and token for the owner alone, once the server knows the token', async () => {
    const XDG_CONFIG_HOME = scratchFolder();
    const ended = await da(['auth', 'import-token', '--server', `${server.url}/`], {
      env: { XDG_CONFIG_HOME },
      stdin: `${ada.token}\n`,
    });
    expect(ended).toEqual({
      code: 0,
      stdout: '',
      stderr: `Signed in to ${server.url} as ada@example.com (core.analyst).\n`,
    });
    expect(JSON.parse(readFileSync(configFile(XDG_CONFIG_HOME), 'utf8'))).toEqual({
      server: server.url,
      token: ada.token,
    });
    expect(statSync(configFile(XDG_CONFIG_HOME)).mode & 0o777).toBe(0o600);
    expect(statSync(join(XDG_CONFIG_HOME, 'agnes')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(XDG_CONFIG_HOME, 'agnes'))).toEqual(['config.json']);
    expect(await whoami({ XDG_CONFIG_HOME })).toBe('ada@example.com');
  });

  test('reads the token from a file', async () => {
    const XDG_CONFIG_HOME = scratchFolder();
    const file = join(XDG_CONFIG_HOME, 'token.txt');
    writeFileSync(file, ada.token);
    const words = ['auth', 'import-token', '--server', server.url, '--token-file', file];
    expect((await da(words, { env: { XDG_CONFIG_HOME } })).code).toBe(0);
    expect(await whoami({ XDG_CONFIG_HOME })).toBe('ada@example.com');
  });

  test('stores under ~/.config when XDG_CONFIG_HOME is not set', async () => {
    const HOME = scratchFolder();
    const env = { HOME, XDG_CONFIG_HOME: '' };
    await da(['auth', 'import-token', '--server', server.url], { env, stdin: ada.token });
    expect(existsSync(configFile(join(HOME, '.config')))).toBe(true);
  });

  test('a token that the server refuses changes nothing', async () => {
    const XDG_CONFIG_HOME = scratchFolder();
    store(XDG_CONFIG_HOME, { server: server.url, token: ada.token });
    const env = { XDG_CONFIG_HOME };
    const { code, stderr } = await da(['auth', 'import-token'], { env, stdin: 'agnes_wrong' });
    expect(code).toBe(3);
    expect(stderr).toContain(`${server.url} refuses the token`);
    expect(await whoami(env)).toBe('ada@example.com');
  });

  test.each([
    ['nothing', ''],
    ['more than a token', 'one two'],
  ])('%s is wrong usage', async (_what, stdin) => {
    expect(await da(['auth', 'import-token', '--server', server.url], { stdin })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });

  test('sign-out forgets the token and keeps the server', async () => {
    const XDG_CONFIG_HOME = scratchFolder();
    store(XDG_CONFIG_HOME, { server: server.url, token: ada.token });
    expect((await da(['auth', 'sign-out'], { env: { XDG_CONFIG_HOME } })).code).toBe(0);
    expect(JSON.parse(readFileSync(configFile(XDG_CONFIG_HOME), 'utf8'))).toEqual({ server: server.url });
    expect(await whoami({ XDG_CONFIG_HOME })).toBe(3);
  });
});

describe('which server and token count', () => {
  test('DA_SERVER and DA_TOKEN win over the file, --server wins over both', async () => {
    const XDG_CONFIG_HOME = scratchFolder();
    store(XDG_CONFIG_HOME, { server: 'http://127.0.0.1:1', token: ben.token });
    const env = { XDG_CONFIG_HOME, DA_SERVER: server.url, DA_TOKEN: ada.token };
    expect(await whoami(env)).toBe('ada@example.com');
    expect(await whoami({ ...env, DA_SERVER: 'http://127.0.0.1:1' }, ['--server', server.url])).toBe('ada@example.com');
    expect(await whoami({ ...env, DA_SERVER: 'http://127.0.0.1:1' })).toBe(1);
  });

  test('a stored token goes to the server it is for and to no other', async () => {
    const foreign = await startForeignServer((_request, response) => response.end('{"data":{"viewer":null}}'));
    const XDG_CONFIG_HOME = scratchFolder();
    store(XDG_CONFIG_HOME, { server: server.url, token: ada.token });
    expect(await whoami({ XDG_CONFIG_HOME }, ['--server', foreign.url])).toBe(3);
    expect(await whoami({ XDG_CONFIG_HOME, DA_SERVER: foreign.url })).toBe(3);
    expect(foreign.seen.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });

  test('without a token it still asks, and tells what to do when that is not enough', async () => {
    const { code, stdout, stderr } = await da(['tables', 'list'], { env: { DA_SERVER: server.url } });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toBe(
      `Nobody is signed in at ${server.url}; sign in with \`da auth login\`, or set DA_TOKEN to a token made in the web app.\n`,
    );
  });

  test('a token that is not valid is told by where it comes from', async () => {
    const env = { DA_SERVER: server.url, DA_TOKEN: 'agnes_wrong' };
    expect((await da(['tables', 'list'], { env })).stderr).toContain('refuses DA_TOKEN');
  });

  test('a file that is not JSON is told by its name', async () => {
    const XDG_CONFIG_HOME = scratchFolder();
    store(XDG_CONFIG_HOME, {});
    writeFileSync(configFile(XDG_CONFIG_HOME), '{');
    const { code, stderr } = await da(['auth', 'whoami'], { env: { XDG_CONFIG_HOME } });
    expect(code).toBe(1);
    expect(stderr).toContain(configFile(XDG_CONFIG_HOME));
  });
});

describe('a token does not get into wrong hands', () => {
  test('a redirect is not followed', async () => {
    const other = await startForeignServer((_request, response) => response.end('{}'));
    const redirecting = await startForeignServer((_request, response) => {
      response.writeHead(307, { location: `${other.url}/graphql` }).end();
    });
    const env = { DA_SERVER: redirecting.url, DA_TOKEN: ada.token };
    expect(await da(['auth', 'whoami'], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: `${redirecting.url} redirects to ${other.url}, where the token is not sent; name the right server by --server.\n`,
    });
    expect([redirecting.seen.length, other.seen.length]).toEqual([1, 0]);
  });

  test('plain http to another machine needs --insecure', async () => {
    const env = { DA_SERVER: 'http://agnes.invalid', DA_TOKEN: ada.token };
    expect(await da(['auth', 'whoami'], { env })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'http://agnes.invalid is plain http, so others could read the token on its way; use https, or add --insecure.\n',
    });
    expect((await da(['auth', 'whoami', '--insecure'], { env })).stderr).toContain('cannot be reached');
    const stdin = ada.token;
    expect((await da(['auth', 'import-token'], { env: { DA_SERVER: 'http://agnes.invalid' }, stdin })).code).toBe(2);
  });
});

describe('a server that is not what it should be', () => {
  const whoamiAt = (url: string) => da(['auth', 'whoami'], { env: { DA_SERVER: url, DA_TOKEN: 'agnes_x' } });

  test('not there', async () => {
    expect(await whoamiAt('http://127.0.0.1:1')).toMatchObject({ code: 1, stdout: '' });
    expect((await whoamiAt('https://agnes.invalid')).stderr).toMatch(
      /^https:\/\/agnes.invalid cannot be reached: its name .*\n$/,
    );
  });

  test('not a URL', async () => {
    expect(await whoamiAt('agnes.example.com')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'DA_SERVER is not the URL of a server; write it like https://agnes.example.com.\n',
    });
  });

  test.each([
    ['a web page', '<!doctype html><p>Hello</p>'],
    ['other JSON', '[1]'],
  ])('%s', async (_what, body) => {
    const foreign = await startForeignServer((_request, response) => response.end(body));
    expect(await whoamiAt(foreign.url)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${foreign.url} does not answer as Agnes does (HTTP 200); check the server’s URL.\n`,
    });
  });

  test('another version: the sentence names both', async () => {
    const foreign = await startForeignServer(async (request, response) => {
      const asked = Buffer.concat(await request.toArray()).toString();
      const misfit = { message: 'Cannot query field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };
      const knows = asked.includes('query ServerVersion');
      response.end(JSON.stringify(knows ? { data: { instance: { version: '99.0.0' } } } : { errors: [misfit] }));
    });
    const { code, stderr } = await whoamiAt(foreign.url);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ runs Agnes 99\.0\.0, which does not fit da \d+\.\d+\.\d+; use the same version\.\n$/);
  });

  test('what it says cannot steer the terminal', async () => {
    const message = 'red \u001b[31m alert';
    const foreign = await startForeignServer((_request, response) =>
      response.end(JSON.stringify({ errors: [{ message }] })),
    );
    expect((await whoamiAt(foreign.url)).stderr).toBe('red \\u001b[31m alert\n');
  });
});
