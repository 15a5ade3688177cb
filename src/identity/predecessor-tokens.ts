import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, jwtVerify } from 'jose';
import { z } from 'zod';
import { ConfigurationError } from '../kernel/config.ts';
import { UnauthenticatedError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { principalByCredential } from './authenticate.ts';
import type { Credential } from './credential-index.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly predecessorTokens: PredecessorTokens;
  }
}

const sessionSentence = 'This is a session of the predecessor, which counts no more; sign in again.';

/** What the predecessor wrote into a personal access token, and we go by: whose it is, and which row. */
const tokenClaims = z.object({ typ: z.literal('pat'), sub: z.string(), jti: z.string(), exp: z.number().optional() });
type TokenClaims = z.infer<typeof tokenClaims>;

const mostVerified = 10_000;

/** Whether a bearer token has the shape of a JSON web token, which none of ours has. */
export function isPredecessorToken(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

/** What stands in the place of a token's hash where the predecessor kept none; no token has it as its hash. */
export function hashOfUnhashed(tokenId: string): string {
  return `jwt:${tokenId}`;
}

/**
 * Checks signatures of the predecessor's tokens: HS256 and nothing else. A token that was verified is remembered by its
 * hash; that it ends and that it is revoked is looked at each time.
 */
export class PredecessorTokens {
  readonly #secret: Uint8Array | null;
  readonly #verified = new Map<string, TokenClaims>();

  constructor(secret: string | null) {
    this.#secret = secret === null ? null : new TextEncoder().encode(secret);
  }

  /** Whether signatures can be checked. */
  get canVerify(): boolean {
    return this.#secret !== null;
  }

  /** What a token says whose signature is good and which has not ended; null for any other. */
  async verify(token: string, now: Date): Promise<TokenClaims | null> {
    const hash = sha256(token);
    const known = this.#verified.get(hash) ?? (await this.#read(token, now));
    if (!known || (known.exp !== undefined && known.exp * 1000 <= now.getTime())) return null;
    this.#verified.delete(hash);
    this.#verified.set(hash, known);
    for (const eldest of this.#verified.keys()) {
      if (this.#verified.size <= mostVerified) break;
      this.#verified.delete(eldest);
    }
    return known;
  }

  async #read(token: string, now: Date): Promise<TokenClaims | null> {
    if (!this.#secret) return null;
    try {
      const { payload } = await jwtVerify(token, this.#secret, { algorithms: ['HS256'], currentDate: now });
      return tokenClaims.safeParse(payload).data ?? null;
    } catch {
      return null;
    }
  }
}

/**
 * The secret that signed the predecessor's tokens, from the configuration or from the file it kept; null when there is none. Throws a
 * `ConfigurationError` when the file cannot be read.
 */
export function openPredecessorTokens(given: { secret: string | undefined; dataDir: string }): PredecessorTokens {
  return new PredecessorTokens(given.secret ?? readSecretFile(join(given.dataDir, 'state/.jwt_secret')));
}

function readSecretFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ConfigurationError(
      `${path} cannot be read (${code}): give the server the right to read it, or move it away.`,
    );
  }
}

/**
 * Who presents this personal access token of the predecessor; null when it is not valid now. It needs its row, as any token
 * does; the roles it names count for nothing. Where the secret is known the signature must be good too, so that tokens
 * which a new secret had ended there do not come back. Throws an `UnauthenticatedError` for a session of the predecessor.
 */
export async function authenticatePredecessorToken(
  services: Services,
  token: string,
  address: string,
): Promise<Principal | null> {
  if (saysSession(token)) throw new UnauthenticatedError(sessionSentence);
  const credential = await findCredential(services, token);
  return credential?.kind === 'pat' ? principalByCredential(services, credential, address) : null;
}

async function findCredential(services: Services, token: string): Promise<Readonly<Credential> | null> {
  const { credentials, predecessorTokens, clock } = services;
  const now = clock.now();
  const exact = credentials.findBySecretHash(sha256(token), now);
  if (!predecessorTokens.canVerify) return exact;
  const claims = await predecessorTokens.verify(token, now);
  if (!claims) return null;
  const found = exact ?? credentials.findBySecretHash(hashOfUnhashed(claims.jti), now);
  return found?.id === claims.jti && found.userId === claims.sub ? found : null;
}

/** Only chooses the sentence of a refusal, so the signature does not matter. The predecessor took a token of no kind for a session. */
function saysSession(token: string): boolean {
  try {
    const { typ = 'session' } = decodeJwt(token);
    return typ === 'session';
  } catch {
    return false;
  }
}
