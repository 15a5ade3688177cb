import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

/** An issuer that says whatever a test wants: it signs any claims, with its own key or with a stranger's. */
export interface CrookedIssuer {
  readonly url: string;
  /** The claims of the next ID token; what is left out is filled in as an honest issuer would. */
  claims: JWTPayload;
  /** Signs with a key that the issuer does not publish. */
  strangersKey: boolean;
  /** What the token endpoint answers instead of tokens. */
  tokenError: { status: number; body: unknown } | null;
  /** What the userinfo endpoint says besides the subject. */
  userInfo: Record<string, unknown>;
  /** The paths that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Starts an issuer whose ID tokens are for the client `agnes`. */
export async function startCrookedIssuer(): Promise<CrookedIssuer> {
  const keys = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const published = { ...(await exportJWK(keys[0].publicKey)), kid: 'known', alg: 'RS256', use: 'sig' };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: CrookedIssuer = {
    url,
    claims: {},
    strangersKey: false,
    tokenError: null,
    userInfo: {},
    asked: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.split('?')[0]!;
    issuer.asked.push(path);
    if (path === '/.well-known/openid-configuration') return json(response, 200, metadataOf(url));
    if (path === '/jwks') return json(response, 200, { keys: [published] });
    if (path === '/userinfo') return json(response, 200, { sub: issuer.claims.sub ?? 'somebody', ...issuer.userInfo });
    if (path !== '/token') return json(response, 404, {});
    if (issuer.tokenError) return json(response, issuer.tokenError.status, issuer.tokenError.body);
    json(response, 200, { access_token: 'the-access-token', token_type: 'Bearer', id_token: await idToken() });
  }

  function idToken(): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const honest = { iss: url, aud: 'agnes', sub: 'somebody', iat: now, exp: now + 300 };
    return new SignJWT({ ...honest, ...issuer.claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'known' })
      .sign(keys[issuer.strangersKey ? 1 : 0].privateKey);
  }
}

function metadataOf(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
