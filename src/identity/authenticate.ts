import { sha256 } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { CredentialIndex } from './credential-index.ts';
import type { LastUse } from './last-use.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly credentials: CredentialIndex;
    readonly lastUse: LastUse;
  }
}

/** Who presents this bearer token (a personal access token or a session's secret); null when it is not valid now. */
export function authenticateBearer(services: Services, secret: string): Principal | null {
  const now = services.clock.now();
  const credential = services.credentials.findBySecretHash(sha256(secret), now);
  if (!credential) return null;
  const tokenId = credential.kind === 'pat' ? credential.id : null;
  services.lastUse.note(now, { userId: credential.userId, tokenId });
  return makePrincipal(services, credential.userId, { kind: credential.kind, id: credential.id });
}

/** Who presents this session cookie; null when it is not valid now. A token in a cookie does not count. */
export function authenticateSession(services: Services, secret: string): Principal | null {
  const now = services.clock.now();
  const credential = services.credentials.findBySecretHash(sha256(secret), now);
  if (credential?.kind !== 'session') return null;
  services.lastUse.note(now, { userId: credential.userId, tokenId: null });
  return makePrincipal(services, credential.userId, { kind: 'session', id: credential.id });
}

/** The development user, for requests without a credential in development mode; null when there is none. */
export function developmentPrincipal(services: Services, email: string): Principal | null {
  const user = services.accessIndex.userByEmail(email);
  return user ? makePrincipal(services, user.id, { kind: 'development', id: 'development' }) : null;
}

/** Who Agnes itself is when it acts, at start and by the clock. */
export const systemPrincipal: Principal = {
  userId: 'system',
  email: 'system',
  credential: { kind: 'system', id: 'system' },
  roles: new Set(['core.admin', 'core.km_admin', 'core.analyst', 'core.viewer']),
};

/** The same principal as of now; null when its credential or its user is no longer valid. */
export function currentPrincipal(services: Services, principal: Principal): Principal | null {
  const { credential, userId } = principal;
  if (credential.kind === 'system') return principal;
  if (credential.kind !== 'development') {
    if (!services.credentials.findById(credential.id, services.clock.now())) return null;
  }
  return makePrincipal(services, userId, credential);
}

function makePrincipal(services: Services, userId: string, credential: Principal['credential']): Principal | null {
  services.accessIndex.passTime(services.clock.now());
  const user = services.accessIndex.user(userId);
  if (!user?.active) return null;
  return { userId, email: user.email, credential, roles: services.accessIndex.rolesOf(userId) };
}
