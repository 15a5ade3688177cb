import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sendFiles } from '../../src/cli/uploads/send-files.ts';
import { parseFolder, readUploadSettings } from '../../src/cli/uploads/upload-settings.ts';
import { ask, startTestServer, type TestServer } from '../kit/server.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { makeLaptop, type Laptop } from './laptop-folder.ts';
import { program } from './run-da.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

function write(laptop: Laptop, path: string, text: string): void {
  const file = join(laptop.folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

/** Names and contents of what the server has of a person, oldest first. */
async function kept({ person }: Laptop): Promise<[string, string][]> {
  const query = '{ viewer { uploads { edges { node { name url } } } } }';
  const { data } = await ask(server, { as: person, query });
  const found: [string, string][] = [];
  for (const { node } of data.viewer.uploads.edges) {
    const response = await fetch(node.url as string);
    expect(response.status).toBe(200);
    found.push([node.name as string, await response.text()]);
  }
  return found.toReversed();
}

function workspaceOf({ folder }: Laptop) {
  return { folder, server: server.url };
}

function send(laptop: Laptop) {
  const connection = { server: server.url, token: laptop.person.token, tokenFrom: 'DA_TOKEN' } as const;
  return sendFiles(connection, { workspace: workspaceOf(laptop), tell() {} });
}

test('nothing leaves the laptop before somebody says so; then each content goes once, told beforehand', async () => {
  const laptop = await makeLaptop(server, { name: 'writer', tableIds: [] });
  write(laptop, 'notes/plan.md', 'The plan.');
  write(laptop, 'notes/deep/idea.md', 'An idea.');
  write(laptop, 'notes/copy.md', 'The plan.');
  write(laptop, 'sessions/one.jsonl', '{"step":1}\n');
  write(laptop, 'sessions/one.txt', 'Not a log.');
  write(laptop, 'work/result.csv', 'Not a note.');
  expect(await readUploadSettings(workspaceOf(laptop))).toEqual({ on: false, sessions: 'sessions' });
  expect(await laptop.run('uploads', 'on')).toMatchObject({ code: 0, stdout: '' });
  const { report } = await laptop.sync('--dry-run');
  expect(report['uploads']).toEqual({
    wouldSend: [
      { file: 'notes/copy.md', bytes: 9 },
      { file: 'notes/deep/idea.md', bytes: 8 },
      { file: 'sessions/one.jsonl', bytes: 11 },
    ],
    bytes: 28,
    failed: [],
    leftOut: [],
  });
  expect(await kept(laptop)).toEqual([]);
  const told = await laptop.run('sync');
  expect(told).toMatchObject({ code: 0, stdout: '' });
  expect(told.stderr).toMatch(
    /3 notes and logs are sent, 28 bytes:[^]*one\.jsonl \(11 bytes\)[^]*3 notes and logs were sent/,
  );
  expect(await kept(laptop)).toEqual([
    ['notes/copy.md', 'The plan.'],
    ['notes/deep/idea.md', 'An idea.'],
    ['sessions/one.jsonl', '{"step":1}\n'],
  ]);

  appendFileSync(join(laptop.folder, 'sessions/one.jsonl'), '{"step":2}\n');
  expect(await send(laptop)).toEqual({ sent: [{ file: 'sessions/one.jsonl', bytes: 22 }], failed: [], leftOut: [] });
  expect(await send(laptop)).toEqual({ sent: [], failed: [], leftOut: [] });
  expect((await kept(laptop)).at(-1)).toEqual(['sessions/one.jsonl', '{"step":1}\n{"step":2}\n']);

  const listed = JSON.parse((await laptop.run('uploads', 'list', '--json')).stdout) as { id: string; name: string }[];
  const idea = listed.find(({ name }) => name === 'notes/deep/idea.md')!;
  expect(await laptop.run('uploads', 'remove', idea.id)).toMatchObject({ code: 0, stdout: '' });
  expect(await send(laptop)).toMatchObject({ sent: [] });
  expect((await kept(laptop)).map(([name]) => name)).not.toContain('notes/deep/idea.md');

  expect(await laptop.run('uploads', 'off')).toMatchObject({ code: 0 });
  write(laptop, 'notes/later.md', 'Later.');
  expect(await readUploadSettings(workspaceOf(laptop))).toEqual({ on: false, sessions: 'sessions' });
  const { report: only } = await laptop.sync('--upload-only');
  expect(only).toEqual({ uploads: { sent: [{ file: 'notes/later.md', bytes: 6 }], failed: [], leftOut: [] } });
});

test('links, secrets and what programs may not read stay; a file that fails costs only itself', async () => {
  const laptop = await makeLaptop(server, { name: 'careful', tableIds: [] });
  write(laptop, '../outside.md', 'Outside.');
  mkdirSync(join(laptop.folder, 'elsewhere'));
  write(laptop, 'elsewhere/log.jsonl', '{}\n');
  symlinkSync(join(laptop.folder, '../outside.md'), join(laptop.folder, 'notes/link.md'));
  symlinkSync(join(laptop.folder, 'elsewhere'), join(laptop.folder, 'sessions'));
  write(laptop, 'notes/.env', 'KEY=1');
  write(laptop, 'notes/API-Token.md', 'secret');
  write(laptop, 'notes/secrets/a.md', 'secret');
  write(laptop, 'notes/private/a.md', 'not for programs');
  write(laptop, 'notes/good.md', 'Good.');
  const settings = JSON.parse(laptop.text('.claude/settings.json')) as { permissions: { deny: string[] } };
  settings.permissions.deny.push('Read(./notes/private/**)');
  write(laptop, '.claude/settings.json', JSON.stringify(settings));
  const big = join(laptop.folder, 'notes/big.md');
  writeFileSync(big, Buffer.alloc(64 * 2 ** 20 + 1));
  const { code, report } = await laptop.sync('--upload');
  expect(code).toBe(5);
  expect(report['uploads']).toEqual({
    sent: [{ file: 'notes/good.md', bytes: 5 }],
    failed: [{ file: 'notes/big.md', error: 'A file may have 67108864 bytes at most.' }],
    leftOut: ['notes/.env', 'notes/API-Token.md', 'notes/link.md', 'notes/private/a.md', 'notes/secrets/a.md'],
  });
  expect(await kept(laptop)).toEqual([['notes/good.md', 'Good.']]);
  for (const folder of ['../elsewhere', '/tmp', 'data', '.agnes', 'a//b']) {
    expect(() => parseFolder(folder)).toThrow('no folder of yours');
  }
});

/** A line to the server that takes no more than so many bytes of a connection, and lets it stand there; null: all. */
async function openStallingLine(): Promise<{ url: string; limit: number | null; close(): void }> {
  const proxy = createServer((near) => {
    const far = connect(Number(new URL(server.url).port), '127.0.0.1');
    let passed = 0;
    near.on('data', (chunk) => {
      passed += chunk.length;
      if (line.limit === null || passed <= line.limit) far.write(chunk);
    });
    far.pipe(near);
    near.on('error', () => {});
    far.on('error', () => {});
    near.on('close', () => far.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const line = { url, limit: null as number | null, close: () => void proxy.close() };
  return line;
}

test('killed while it sends, it leaves no half file on the server; the next run finishes, and each content is there once', async () => {
  const line = await openStallingLine();
  const laptop = await makeLaptop(server, { name: 'killed', tableIds: [], url: line.url });
  const folder = join(server.dataDir, 'uploads');
  const before = readdirSync(folder);
  const filesOnServer = () => readdirSync(folder).filter((name) => !before.includes(name));
  const sizes = () => filesOnServer().map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  const large = 'A long note.\n'.repeat(300_000);
  write(laptop, 'notes/a-small.md', 'Small.');
  write(laptop, 'notes/b-large.md', large);
  line.limit = 1_000_000;
  const child = spawn(process.execPath, [program, 'sync', '--upload', '--quiet'], {
    cwd: laptop.folder,
    env: { PATH: process.env['PATH'], DA_TOKEN: laptop.person.token, XDG_CONFIG_HOME: scratchFolder() },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await vi.waitFor(() => expect(sizes().some((size) => size > 100_000)).toBe(true), { timeout: 20_000, interval: 5 });
  expect((await kept(laptop)).map(([name]) => name)).toEqual(['notes/a-small.md']);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  await vi.waitFor(() => expect(sizes()).toEqual([6]), { timeout: 20_000, interval: 5 });

  line.limit = null;
  const { code, report } = await laptop.sync('--upload');
  expect(code).toBe(0);
  expect(report['uploads']).toEqual({
    sent: [{ file: 'notes/b-large.md', bytes: large.length }],
    failed: [],
    leftOut: [],
  });
  expect(await kept(laptop)).toEqual([
    ['notes/a-small.md', 'Small.'],
    ['notes/b-large.md', large],
  ]);
  expect(filesOnServer()).toHaveLength(2);
  line.close();
}, 60_000);
