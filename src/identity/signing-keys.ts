import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../kernel/ids.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly signingKeys: SigningKeys;
  }
}

/** The folder of signing keys cannot be used as it is; the message is one sentence for the operator. */
export class SigningKeysError extends Error {
  readonly code = 'SIGNING_KEYS_UNUSABLE';
}

/** A key by which this instance signs, or signed until a while ago; its secret is in the folder and nowhere else. */
export interface SigningKey {
  readonly id: string;
  readonly createdAt: Date;
}

/** How long anything that is signed is good, at the most. */
export const longestSignedMilliseconds = 3_600_000;

/** What the clocks of several servers may differ by. */
const clockSlackMilliseconds = 300_000;

const keyBytes = 32;
const ending = '.key';
const idShape = /^\d{13}-[0-9a-f]{16}$/;

/**
 * The keys in a folder, one file each, named by its id, which begins with the instant it was made: the newest signs, all verify.
 * Nothing is kept in memory, so that every server on the folder sees a new key, and misses a removed one, at once. A file
 * comes into being whole or not at all, and the last one is never removed.
 */
export class SigningKeys {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Every key, the newest first. */
  list(): SigningKey[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => name.slice(0, -ending.length))
      .filter((id) => idShape.test(id))
      .toSorted()
      .toReversed()
      .map((id) => ({ id, createdAt: new Date(Number(id.slice(0, 13))) }));
  }

  /** The key that signs now. Throws a `SigningKeysError` when it cannot be used. */
  signing(): { id: string; secret: Buffer } {
    for (;;) {
      const [newest] = this.list();
      if (!newest)
        throw new SigningKeysError(`${this.#folder} holds no signing key; start the server again to make one.`);
      const secret = this.secretOf(newest.id);
      // Another server may have rotated and removed it since it was listed; then there is a newer one.
      if (secret) return { id: newest.id, secret };
    }
  }

  /** The secret of this key; null when there is no such key, or no longer. Throws a `SigningKeysError` when it cannot be used. */
  secretOf(id: string): Buffer | null {
    if (!idShape.test(id)) return null;
    return readSecret(this.#pathOf(id));
  }

  /** Makes a key that signs from now on, whatever the clocks of other servers say. */
  add(now: Date): SigningKey {
    const after = this.list()[0]?.createdAt.getTime() ?? 0;
    const createdAt = new Date(Math.max(now.getTime(), after + 1));
    const key = { id: `${createdAt.getTime()}-${randomBytes(8).toString('hex')}`, createdAt };
    this.#write(key.id, randomBytes(keyBytes));
    return key;
  }

  /** Takes a key over that an earlier version kept elsewhere; the same file twice is the same key. */
  adopt(secret: Buffer, createdAt: Date): void {
    this.#write(`${Math.floor(createdAt.getTime())}-${sha256(secret).slice(0, 16)}`, secret);
  }

  /** Removes the keys by which nothing that is good at `now` can have been signed. */
  removeOld(now: Date): SigningKey[] {
    const keys = this.list();
    return this.#remove(
      keys.filter((_key, place) => {
        const next = keys[place - 1];
        const goodUntil = next && next.createdAt.getTime() + longestSignedMilliseconds + clockSlackMilliseconds;
        return goodUntil !== undefined && goodUntil < now.getTime();
      }),
    );
  }

  /** Removes all but the newest, and what they signed counts no more. */
  removeOlder(): SigningKey[] {
    return this.#remove(this.list().slice(1));
  }

  #remove(keys: SigningKey[]): SigningKey[] {
    for (const { id } of keys) rmSync(this.#pathOf(id), { force: true });
    if (keys.length > 0) syncFolder(this.#folder);
    return keys;
  }

  #write(id: string, secret: Buffer): void {
    const part = join(this.#folder, `.${id}.${randomBytes(4).toString('hex')}.part`);
    writeFileSync(part, secret, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(part, this.#pathOf(id));
    syncFolder(this.#folder);
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}${ending}`);
  }
}

/** Opens the keys in `folder`, takes over the one that earlier versions kept, and makes one where there is none. */
export function openSigningKeys(given: { folder: string; dataDir: string; now: Date }): SigningKeys {
  const { folder, now } = given;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const keys = new SigningKeys(folder);
    adoptFormerKey(keys, given.dataDir);
    if (keys.list().length === 0) keys.add(now);
    for (const { id } of keys.list()) keys.secretOf(id);
    keys.removeOld(now);
    return keys;
  } catch (error) {
    if (error instanceof SigningKeysError) throw error;
    throw new SigningKeysError(`${folder} cannot hold signing keys: ${(error as Error).message}`, { cause: error });
  }
}

/** Copies first and removes then, so that a kill in between is made good by the next start. */
function adoptFormerKey(keys: SigningKeys, dataDir: string): void {
  const folder = join(dataDir, 'keys');
  const path = join(folder, 'signed-urls');
  const found = readIfThere(path);
  if (!found) return;
  if (found.content.length === keyBytes) keys.adopt(found.content, found.modifiedAt);
  rmSync(path, { force: true });
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

function readSecret(path: string): Buffer | null {
  const found = readIfThere(path);
  if (!found) return null;
  if ((found.mode & 0o077) !== 0) {
    throw new SigningKeysError(
      `${path} can be read by others; run \`chmod 600\` on it, and rotate if somebody did read it.`,
    );
  }
  if (found.content.length !== keyBytes) {
    throw new SigningKeysError(
      `${path} does not hold ${keyBytes} bytes; remove it, and what it signed counts no more.`,
    );
  }
  return found.content;
}

function readIfThere(path: string): { content: Buffer; mode: number; modifiedAt: Date } | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { mode, mtime } = fstatSync(file);
    return { content: readFileSync(file), mode, modifiedAt: mtime };
  } finally {
    closeSync(file);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
