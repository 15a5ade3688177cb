import { readSessionCookie } from './session-cookie.ts';

/**
 * What a request shows to prove who sends it. `malformed` is an `Authorization` that is not a bearer token; it must be
 * refused and, like a wrong token, never gives way to the cookie.
 */
export type PresentedCredential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'cookie'; readonly session: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'none' };

export interface CredentialHeaders {
  readonly authorization: unknown;
  readonly cookie: string | undefined;
}

/** Reads the credential of a request; an `authorization` that is there at all is the only one that counts. */
export function presentedCredential(headers: CredentialHeaders, publicUrl: string): PresentedCredential {
  const { authorization, cookie } = headers;
  if (authorization !== undefined && authorization !== null) {
    const token = bearerToken(authorization);
    return token === undefined ? { kind: 'malformed' } : { kind: 'bearer', token };
  }
  const session = readSessionCookie(cookie, publicUrl);
  return session === undefined ? { kind: 'none' } : { kind: 'cookie', session };
}

/** Where a request came from, and whether being on this machine is enough to be signed in. */
export interface RequestOrigin {
  readonly origin: string | undefined;
  readonly developmentMode: boolean;
}

/**
 * Whether a browser shows this by itself, so that the origin of the page must be checked: a cookie, or being local in
 * development mode. A local program shows neither and sends no `Origin`; browsers send one with whatever changes things.
 */
export function needsOrigin(credential: PresentedCredential, { origin, developmentMode }: RequestOrigin): boolean {
  return credential.kind === 'cookie' || (credential.kind === 'none' && developmentMode && origin !== undefined);
}

function bearerToken(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  return /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization)?.[1];
}
