import type { AuditBatch } from '../audit/audit-batch.ts';
import { newId, sha256 } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Credential, CredentialIndex } from './credential-index.ts';
import type { LastUse } from './last-use.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly credentials: CredentialIndex;
    readonly lastUse: LastUse;
    readonly auditBatch: AuditBatch;
  }
}

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'token.usedFromNewAddress': { address: string };
  }
}

/**
 * Who presents this bearer token (a personal access token or a session's secret); null when it is not valid now. `address` is
 * the client's; the first use of a token from an address is audited, in the next batch.
 */
export function authenticateBearer(services: Services, secret: string, address: string): Principal | null {
  const now = services.clock.now();
  const credential = services.credentials.findBySecretHash(sha256(secret), now);
  if (!credential) return null;
  noteUse(services, credential, now);
  const principal = makePrincipal(services, credential.userId, { kind: credential.kind, id: credential.id });
  if (principal && credential.kind === 'pat' && services.lastUse.noteToken(credential.id, { at: now, address })) {
    auditNewAddress(services, principal, { at: now, address });
  }
  return principal;
}

function auditNewAddress(
  services: Services,
  principal: Principal,
  { at, address }: { at: Date; address: string },
): void {
  services.auditBatch.add({
    id: newId(),
    at,
    actorId: principal.userId,
    actor: principal.email,
    credential: principal.credential.kind,
    action: 'token.usedFromNewAddress',
    resource: `token:${principal.credential.id}`,
    details: { address },
    requestId: newId(),
  });
}

/** Who presents this session cookie; null when it is not valid now. A token in a cookie does not count. */
export function authenticateSession(services: Services, secret: string): Principal | null {
  const now = services.clock.now();
  const credential = services.credentials.findBySecretHash(sha256(secret), now);
  if (credential?.kind !== 'session') return null;
  noteUse(services, credential, now);
  return makePrincipal(services, credential.userId, { kind: 'session', id: credential.id });
}

function noteUse({ lastUse, credentials }: Services, { kind, id, userId }: Readonly<Credential>, now: Date): void {
  lastUse.noteUser(userId, now);
  if (kind !== 'session') return;
  credentials.sessionUsed(id, now);
  lastUse.noteSession(id, now);
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
