import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { UrlSigner } from '../../src/distribution/signed-url.ts';
import { longestSignedMilliseconds, openSigningKeys, SigningKeysError } from '../../src/identity/signing-keys.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

const start = new Date('2026-11-01T00:00:00Z');
const later = (milliseconds: number) => new Date(start.getTime() + milliseconds);
const signedFor = { userId: 'u', credential: { kind: 'session', id: 's' } as const, expiresAt: later(1000) };
const fileOf = (folder: string, id: string) => join(folder, `${id}.key`);

function openKeys(folder = join(scratchFolder(), 'state/keys'), now = start) {
  return { folder, keys: openSigningKeys({ folder, dataDir: scratchFolder(), now }) };
}

function read(signer: UrlSigner, url: string) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  return signer.read(pathname, searchParams);
}

test('each key is a file of its own that only its owner may read, in a folder that only its owner may list', () => {
  const { folder, keys } = openKeys();
  keys.add(later(1));
  expect(keys.list()).toHaveLength(2);
  for (const { id } of keys.list()) expect(statSync(fileOf(folder, id)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('the newest key signs with its id, the older ones verify, and two servers on one folder agree without a restart', async () => {
  const { folder, keys } = openKeys();
  const [here, there] = [keys, openKeys(folder).keys].map((each) => new UrlSigner(each));
  const before = here!.sign('/exports/1', signedFor);
  // The clock of the other server runs behind: its key is the newest all the same.
  const key = openKeys(folder).keys.add(later(-60_000));
  await nextTurn();
  const after = here!.sign('/exports/1', signedFor);
  expect(new URL(after, 'http://example.com').searchParams.get('key')).toBe(key.id);
  for (const url of [before, after]) expect(read(there!, url)).toMatchObject({ userId: 'u' });
  keys.removeOlder();
  expect([read(there!, before), read(there!, after) === null]).toEqual([null, false]);
});

test('a key that is unknown, left out, or of another signature verifies nothing', () => {
  const { folder, keys } = openKeys();
  const signer = new UrlSigner(keys);
  const url = new URL(signer.sign('/exports/1', signedFor), 'http://example.com');
  const [first] = keys.list();
  const second = keys.add(later(1));
  writeFileSync(join(folder, '../outside.key'), Buffer.alloc(32), { mode: 0o600 });
  for (const key of [second.id, `${first!.id}0`, '../outside', '..%2foutside', '', '1700000000000-0123456789abcdef']) {
    const changed = new URL(url);
    changed.searchParams.set('key', key);
    expect(signer.read('/exports/1', changed.searchParams)).toBeNull();
  }
  const without = new URL(url);
  without.searchParams.delete('key');
  expect(signer.read('/exports/1', without.searchParams)).toBeNull();
  expect(signer.read('/exports/1', url.searchParams)).not.toBeNull();
});

test('an older key goes when nothing that it signed can be good, and not before', () => {
  const { keys } = openKeys();
  keys.add(later(10_000));
  keys.removeOld(later(10_000 + longestSignedMilliseconds));
  expect(keys.list()).toHaveLength(2);
  expect(keys.removeOld(later(10_000 + longestSignedMilliseconds + 300_001))).toHaveLength(1);
  expect(keys.list()).toHaveLength(1);
  expect(keys.removeOld(later(10 ** 12))).toEqual([]);
  expect(keys.removeOlder()).toEqual([]);
  expect(keys.signing().secret).toHaveLength(32);
});

test('a key that others can read, that is cut, or that is a link is refused with a sentence', () => {
  const { folder, keys } = openKeys();
  const path = fileOf(folder, keys.signing().id);
  for (const mode of [0o640, 0o604, 0o660]) {
    chmodSync(path, mode);
    expect(() => keys.signing()).toThrow(/can be read by others; run `chmod 600` on it/);
    expect(() => openKeys(folder)).toThrow(SigningKeysError);
  }
  chmodSync(path, 0o600);
  writeFileSync(path, 'short');
  expect(() => openKeys(folder)).toThrow(/does not hold 32 bytes/);
  writeFileSync(path, Buffer.alloc(32));
  expect(keys.signing().secret).toHaveLength(32);
  symlinkSync(path, fileOf(folder, '9999999999999-0123456789abcdef'));
  expect(() => openKeys(folder)).toThrow(SigningKeysError);
});

test('the key of earlier versions moves into the folder, once, also after a kill between copy and removal', () => {
  const dataDir = scratchFolder();
  const former = join(dataDir, 'keys/signed-urls');
  const folder = join(dataDir, 'state/keys');
  const secret = Buffer.alloc(32, 7);
  mkdirSync(join(dataDir, 'keys'));
  writeFileSync(former, secret, { mode: 0o600 });
  const { mtime } = statSync(former);
  // What a kill leaves behind: the copy is there, and so is the file.
  mkdirSync(folder, { recursive: true });
  openSigningKeys({ folder, dataDir: scratchFolder(), now: start }).adopt(secret, mtime);
  const keys = openSigningKeys({ folder, dataDir, now: start });
  expect(keys.list()).toHaveLength(2);
  expect(readFileSync(fileOf(folder, keys.signing().id))).toEqual(secret);
  expect(existsSync(join(dataDir, 'keys'))).toBe(false);
});

test('what one process signs another honours while a third rotates without end, and no rotation is in the way of signing', async () => {
  const folder = join(scratchFolder(), 'keys');
  const { keys } = openKeys(folder, new Date());
  const rotator = await startRotator(folder);
  const [here, there] = [new UrlSigner(keys), new UrlSigner(openKeys(folder, new Date()).keys)];
  const ids = new Set<string>();
  let honoured = 0;
  while (ids.size < 20) {
    const url = here.sign('/exports/1', signedFor);
    if (read(there, url)) honoured += 1;
    ids.add(new URL(url, 'http://example.com').searchParams.get('key')!);
    await nextTurn();
  }
  rotator.kill('SIGKILL');
  await once(rotator, 'close');
  expect(honoured).toBeGreaterThan(0);
  const url = here.sign('/exports/1', signedFor);
  expect(read(there, url)).toMatchObject({ userId: 'u' });
}, 60_000);

async function startRotator(folder: string): Promise<ChildProcess> {
  const script = join(packageRoot, 'tests/identity/signing-keys-rotator.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  return child;
}

test('a process killed while it rotates leaves keys that work', async () => {
  const folder = join(scratchFolder(), 'keys');
  for (let kill = 0; kill < 4; kill += 1) {
    const child = await startRotator(folder);
    await sleep(Math.random() * 100);
    child.kill('SIGKILL');
    await once(child, 'close');
    const { keys } = openKeys(folder, new Date());
    const signer = new UrlSigner(keys);
    expect(read(signer, signer.sign('/exports/1', signedFor))).toMatchObject({ userId: 'u' });
    for (const { id } of keys.list()) expect(keys.secretOf(id)).toHaveLength(32);
  }
}, 60_000);
