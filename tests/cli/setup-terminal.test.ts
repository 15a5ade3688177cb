import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSetupSecret } from '../../src/identity/setup.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { program } from './run-da.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Runs `da` on a terminal of its own (by `script`, which every Debian has) and answers each question once it is asked. */
async function onTerminal(words: string, answers: readonly (readonly [question: string, answer: string])[]) {
  const command = `'${process.execPath}' '${program}' ${words}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: scratchFolder(), TERM: 'dumb' },
  });
  const left = [...answers];
  let [shown, read] = ['', 0];
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const [question, answer] = left[0] ?? [];
    const at = question === undefined ? -1 : shown.indexOf(question, read);
    if (at < 0) return;
    left.shift();
    read = shown.length;
    // A question listens as soon as it stands there; the line before may still be on its way.
    setTimeout(() => child.stdin.write(answer!), 100);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, shown, notAsked: left.map(([question]) => question) };
}

test('on a terminal each question is asked, what is refused is asked again, and no secret is shown', async () => {
  const link = `${server.url}/setup#${await createSetupSecret(server.open.services)}`;
  const { code, shown, notAsked } = await onTerminal('setup --skip source', [
    ['Paste the setup link', `${link}\r`],
    ['Your e-mail address', 'ada@example.com\r'],
    ['Your name', 'Ada\r'],
    ['A password of', 'short\r'],
    ['Your e-mail address', 'ada@example.com\r'],
    ['Your name', 'Ada\r'],
    ['A password of', 'correct horse battery\r'],
    ['Name of this instance', 'Example data\r'],
    ['E-mail domains', 'not@domain\r'],
    ['Id of an OpenID Connect provider', '\r'],
    ['E-mail domains', 'example.com, example.org\r'],
    ['Id of an OpenID Connect provider', '\r'],
  ]);
  expect({ code, notAsked }).toEqual({ code: 0, notAsked: [] });
  expect(shown).toContain('This is not a domain');
  expect(shown).not.toMatch(/correct horse|setup#/);
  const { name, allowedDomains } = server.open.services.instanceSettings;
  expect([name, allowedDomains]).toEqual(['Example data', ['example.com', 'example.org']]);
}, 60_000);

test('giving up at a question whose answer is not shown stops, and does not count as an empty answer', async () => {
  const { code, shown } = await onTerminal('setup', [['Paste the setup link', '\u0003']]);
  expect(code).toBe(1);
  expect(shown).toContain('Stopped.');
}, 60_000);
