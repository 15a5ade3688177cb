import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialKind, Principal } from '../operation/principal.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly urlSigner: UrlSigner;
  }
}

/** For whom a signed URL was made: a person, and the credential without which it no longer counts. */
export interface SignedFor {
  readonly userId: string;
  readonly credential: Principal['credential'];
}

/** What a signed URL says once its signature is good. */
export interface SignedPath extends SignedFor {
  readonly expiresAt: Date;
}

const parameters = ['user', 'credential', 'expires'] as const;

/** Signs paths, so that a browser or a program without a header can fetch one file for a while. */
export class UrlSigner {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** `path` with who it is for, when it ends, to the second, and a signature over all of it. */
  sign(path: string, { userId, credential, expiresAt }: SignedPath): string {
    const query = new URLSearchParams({
      user: userId,
      credential: `${credential.kind}:${credential.id}`,
      expires: String(Math.floor(expiresAt.getTime() / 1000)),
    });
    query.set('signature', this.#signature(path, query).toString('base64url'));
    return `${path}?${query}`;
  }

  /** What a URL that was asked for says; null when it is not one that `sign` made. Whether it has ended is not looked at. */
  read(path: string, query: URLSearchParams): SignedPath | null {
    const given = Buffer.from(query.get('signature') ?? '', 'base64url');
    const expected = this.#signature(path, query);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const [kind = '', id = ''] = (query.get('credential') ?? '').split(/:(.*)/s);
    return {
      userId: query.get('user') ?? '',
      credential: { kind: kind as CredentialKind, id },
      expiresAt: new Date(Number(query.get('expires')) * 1000),
    };
  }

  #signature(path: string, query: URLSearchParams): Buffer {
    const signed = [path, ...parameters.map((name) => query.get(name))];
    return createHmac('sha256', this.#key).update(JSON.stringify(signed)).digest();
  }
}

const keyBytes = 32;

/** Opens the signer whose key is in `<dataDir>/keys/signed-urls`, which only this user may read and which is made when missing. */
export function openUrlSigner(dataDir: string): UrlSigner {
  const folder = join(dataDir, 'keys');
  const path = join(folder, 'signed-urls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, randomBytes(keyBytes), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(path);
  if (key.length !== keyBytes) throw new Error(`${path} does not hold ${keyBytes} bytes; remove it to make a new key.`);
  return new UrlSigner(key);
}
