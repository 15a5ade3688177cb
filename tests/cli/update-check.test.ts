import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isOlder } from '../../src/cli/update/is-older.ts';
import { shellWord } from '../../src/kernel/shell-word.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { da } from './run-da.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
/** For the program, stdout and stderr are a terminal. */
const terminal = {
  NODE_OPTIONS: '--import=data:text/javascript,process.stdout.isTTY=true;process.stderr.isTTY=true',
};

let url: string;
/** How `/cli/latest` is answered; null: never. */
let latest: { status: number; body: string } | null;
let asked = 0;

let answered = 0;
/** What has to be so before the command's own request is answered. */
let until: () => boolean;

// Not a server of ours, which has no newer version to tell of.
const server = createServer((request, response) => {
  request.resume();
  if (request.url === '/cli/latest') return answerLatest(response);
  const viewer = { email: 'ada@example.com', name: null, credential: { kind: 'PAT' }, effectiveRoles: [] };
  const wait = setInterval(() => {
    if (!until()) return;
    clearInterval(wait);
    setTimeout(() => response.end(JSON.stringify({ data: { viewer } })), answered > 0 ? 200 : 0);
  }, 10);
});

function answerLatest(response: ServerResponse): void {
  asked += 1;
  response.once('close', () => {
    if (response.writableFinished) answered += 1;
  });
  if (latest !== null) response.writeHead(latest.status, { 'Content-Type': 'application/json' }).end(latest.body);
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  latest = { status: 200, body: JSON.stringify({ version: '99.1.0' }) };
  [asked, answered] = [0, 0];
  until = () => true;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Somebody who is signed in, with the file in which `da` remembers when it asked. */
function makePerson() {
  const home = scratchFolder();
  mkdirSync(join(home, 'agnes'));
  writeFileSync(join(home, 'agnes/config.json'), JSON.stringify({ server: url, token: 'agnes_pat_x' }));
  const file = join(home, 'agnes/update-checks.json');
  return {
    run: (env: Record<string, string> = terminal, ...words: string[]) =>
      da(['auth', 'whoami', ...words], { env: { XDG_CONFIG_HOME: home, ...env } }),
    remembered: () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, { at: number; answered: boolean }>,
    remember: (text: string) => writeFileSync(file, text),
  };
}

test('tells a newer version once a day, in one line on stderr with the command that brings it', async () => {
  const { run, remembered, remember } = makePerson();
  until = () => answered === 1;
  const first = await run();
  expect([first.code, first.stderr]).toEqual([
    0,
    `da ${version} is older than the server’s 99.1.0: npm install --global ${url}/cli/da.tgz\n`,
  ]);
  expect(first.stdout).toContain('ada@example.com');
  expect(remembered()).toMatchObject({ [url]: { answered: true } });
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  expect(asked).toBe(1);
  remember(JSON.stringify({ [url]: { at: Date.now() - 86_400_000, answered: true } }));
  until = () => answered === 2;
  expect((await run()).stderr).toBe(first.stderr);
  remember('{"half');
  until = () => answered === 3;
  expect((await run()).stderr).toBe(first.stderr);
  expect(asked).toBe(3);
});

test.each([
  ['the same version', { status: 200, body: JSON.stringify({ version }) }, true],
  ['an older one', { status: 200, body: '{"version":"0.0.9"}' }, true],
  ['what is no version', { status: 200, body: '{"version":"99.0.0\\u001b[31m"}' }, false],
  ['a refusal', { status: 500, body: '{"version":"99.0.0"}' }, false],
  ['no JSON', { status: 200, body: '<html>' }, false],
])('says nothing of %s', async (_name, answer, counts) => {
  latest = answer;
  until = () => answered === 1;
  const { run, remembered, remember } = makePerson();
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  expect(remembered()).toMatchObject({ [url]: { answered: counts } });
  remember(JSON.stringify({ [url]: { at: Date.now() - 299_000, answered: false } }));
  await run();
  expect(asked).toBe(1);
  remember(JSON.stringify({ [url]: { at: Date.now() - 301_000, answered: counts } }));
  until = () => answered === (counts ? 1 : 2);
  await run();
  expect(asked).toBe(counts ? 1 : 2);
});

test('never asks in a script', async () => {
  const { run } = makePerson();
  const scripts: [Record<string, string>, ...string[]][] = [
    [{}],
    [{ NODE_OPTIONS: terminal.NODE_OPTIONS.replace('process.stdout.isTTY=true;', '') }],
    [{ ...terminal, CI: 'true' }],
    [{ ...terminal, DA_NO_UPDATE_CHECK: '1' }],
    [{ ...terminal, DA_TOKEN: 'agnes_pat_x', DA_SERVER: url }],
    [terminal, '--json'],
  ];
  for (const script of scripts) expect(await run(...script)).toMatchObject({ code: 0, stderr: '' });
  expect(asked).toBe(0);
  until = () => answered === 1;
  await run({ ...terminal, CI: 'false' });
  expect(asked).toBe(1);
});

test('is cut off when the command has done its own work, and two at once do each other no harm', async () => {
  latest = null;
  until = () => asked > 0;
  const { run, remembered } = makePerson();
  const ends = await Promise.all([run(), run()]);
  expect(ends).toMatchObject([
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  expect(asked).toBeGreaterThan(0);
  expect(answered).toBe(0);
  expect(remembered()).toMatchObject({ [url]: { answered: false } });
});

test('versions are compared by Semantic Versioning', () => {
  const ordered = [
    '0.1.0',
    '0.9.0',
    '0.10.0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0',
  ];
  ordered.push('1.0.1-rc.2', '1.0.1-rc.11', '1.0.1', '2.0.0', '10.0.0');
  for (const [index, one] of ordered.entries()) {
    for (const [otherIndex, other] of ordered.entries())
      expect(isOlder(one, other), `${one} ${other}`).toBe(index < otherIndex);
  }
  expect(isOlder('1.0.0+one', '1.0.0+two')).toBe(false);
  for (const odd of ['', 'unknown', '2', '2.0', 'v2.0.0', '2.0.0 ', '2.0.0\n'])
    expect(isOlder('1.0.0', odd), odd).toBe(false);
});

test('an address is one word of the command that is told', () => {
  expect(shellWord('https://agnes.example.com/cli/da.tgz')).toBe('https://agnes.example.com/cli/da.tgz');
  expect(shellWord("https://agnes.example.com/$(id)'")).toBe(String.raw`'https://agnes.example.com/$(id)'\'''`);
});
