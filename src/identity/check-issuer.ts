import * as oidc from 'openid-client';

const checkSeconds = 10;

/**
 * Why this address is not that of an issuer that can sign people in, in one sentence; null when it is. The issuer is asked for
 * what it announces, and must call itself exactly so. Nothing of its answer but its own name is told.
 */
export async function findIssuerFault(issuer: string): Promise<string | null> {
  const extensions = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  try {
    const options = { timeout: checkSeconds, execute: extensions };
    const found = await oidc.discovery(new URL(issuer), 'check', undefined, oidc.None(), options);
    const metadata = found.serverMetadata();
    if (metadata.issuer !== issuer) {
      return `This issuer calls itself ${metadata.issuer}; write it exactly so.`;
    }
    if (metadata.authorization_endpoint && metadata.token_endpoint) return null;
    return 'This issuer announces no authorization endpoint or no token endpoint.';
  } catch (error) {
    return describe(error, issuer);
  }
}

function describe(error: unknown, issuer: string): string {
  const { code, cause } = error as { code?: unknown; cause?: { body?: { issuer?: unknown } } };
  const itself = cause?.body?.issuer;
  if (typeof itself === 'string' && itself !== issuer && itself.length < 500) {
    return `This issuer calls itself ${itself}; write it exactly so.`;
  }
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const unreachable = (error instanceof TypeError && code === undefined) || code === 'OAUTH_TIMEOUT';
  if (unreachable) return `${address} cannot be reached from this server; check the address and the network.`;
  return `${address} does not answer as an OpenID Connect issuer does; check the address.`;
}
