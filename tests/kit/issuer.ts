import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import OidcServer, { type OidcContext } from 'oidc-provider';

/** What an account has at the issuer besides its subject. */
export type Account = Record<string, unknown>;

/** A real OpenID Connect issuer on this machine. Who is signed in there is decided by the test, without a page in between. */
export interface Issuer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By subject; changes count at once. */
  readonly accounts: Map<string, Account>;
  /** The subject that the next visitor is. */
  visitor: string;
  /** Begins to answer, to a client that may be sent back to these addresses; again: with a new key. */
  serve(redirectUris: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const clientId = 'agnes';
const clientSecret = 'a-secret-of-the-client-that-is-long-enough';

/** Takes a port; until `serve` every request is answered by 503. */
export async function startIssuer(): Promise<Issuer> {
  let answer = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(503).end();
  };
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId,
    clientSecret,
    accounts: new Map(),
    visitor: '',
    async serve(redirectUris) {
      const provider = await openProvider(issuer, redirectUris);
      const callback = provider.callback();
      answer = (request, response) => {
        if (!request.url?.startsWith('/interaction/')) return callback(request, response);
        void provider.interactionFinished(request, response, { login: { accountId: issuer.visitor } });
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

async function openProvider(issuer: Issuer, redirectUris: readonly string[]): Promise<OidcServer> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return new OidcServer(issuer.url, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: crypto.randomUUID() }] },
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: redirectUris }],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    pkce: { required: () => true },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ['a key of the cookies'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, ...issuer.accounts.get(sub) }),
    }),
    async loadExistingGrant({ oidc: { provider, client, session, params } }: OidcContext) {
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(params.scope);
      await grant.save();
      return grant;
    },
  });
}
