import { mkdirSync, symlinkSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendFiles } from '../../src/cli/uploads/send-files.ts';
import { parseFolder, readUploadSettings } from '../../src/cli/uploads/upload-settings.ts';
import { ask, startTestServer, type TestServer } from '../kit/server.ts';
import { makeLaptop, type Laptop } from './laptop-folder.ts';

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
