import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SigningKeys } from '../identity/signing-keys.ts';
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

const parameters = ['key', 'user', 'credential', 'expires'] as const;

/** Signs paths, so that a browser or a program without a header can fetch one file for a while. */
export class UrlSigner {
  readonly #keys: SigningKeys;
  #signing: ReturnType<SigningKeys['signing']> | null = null;

  constructor(keys: SigningKeys) {
    this.#keys = keys;
  }

  /** `path` with the key’s id, who it is for, when it ends, to the second, and a signature over all of it. */
  sign(path: string, { userId, credential, expiresAt }: SignedPath): string {
    const { id, secret } = this.#signingKey();
    const query = new URLSearchParams({
      key: id,
      user: userId,
      credential: `${credential.kind}:${credential.id}`,
      expires: String(Math.floor(expiresAt.getTime() / 1000)),
    });
    query.set('signature', signatureOf(path, query, secret).toString('base64url'));
    return `${path}?${query}`;
  }

  /**
   * What a URL that was asked for says; null when it is not one that `sign` made, or its key is gone. Whether it has ended
   * is not looked at.
   */
  read(path: string, query: URLSearchParams): SignedPath | null {
    const secret = this.#keys.secretOf(query.get('key') ?? '');
    if (!secret) return null;
    const given = Buffer.from(query.get('signature') ?? '', 'base64url');
    const expected = signatureOf(path, query, secret);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const [kind = '', id = ''] = (query.get('credential') ?? '').split(/:(.*)/s);
    return {
      userId: query.get('user') ?? '',
      credential: { kind: kind as CredentialKind, id },
      expiresAt: new Date(Number(query.get('expires')) * 1000),
    };
  }

  /** Looked up once for all that is signed in one turn of the event loop, such as a manifest. */
  #signingKey(): ReturnType<SigningKeys['signing']> {
    if (this.#signing) return this.#signing;
    setImmediate(() => (this.#signing = null));
    return (this.#signing = this.#keys.signing());
  }
}

function signatureOf(path: string, query: URLSearchParams, secret: Buffer): Buffer {
  const signed = [path, ...parameters.map((name) => query.get(name))];
  return createHmac('sha256', secret).update(JSON.stringify(signed)).digest();
}
