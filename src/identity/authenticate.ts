import type { AuditBatch } from '../audit/audit-batch.ts';
import { newId, sha256 } from '../kernel/ids.ts';
import type { CredentialKind, Narrowing, Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { rolesBeyondTables, narrowedRoles } from '../access/narrowed-roles.ts';
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
    'device.usedFromNewAddress': { address: string };
  }
}

/**
 * Who presents this bearer token (a personal access token, a device's access token or a session's secret); null when it is not
 * valid now. `address` is the client's; the first use of a token or a device from an address is audited, in the next batch.
 */
export function authenticateBearer(services: Services, secret: string, address: string): Principal | null {
  const now = services.clock.now();
  const credential = services.credentials.findBySecretHash(sha256(secret), now);
  return credential && principalByCredential(services, credential, address);
}

/** Who presents this credential, which was found by what was shown; null when its user may not come in. Notes the use. */
export function principalByCredential(
  services: Services,
  credential: Readonly<Credential>,
  address: string,
): Principal | null {
  const at = services.clock.now();
  const { kind, id, userId } = credential;
  const principal = principalOf(services, credential);
  noteUse(services, credential, at);
  if (kind === 'device')
    noteDeviceUse(services, { id, user: principal && { id: userId, email: principal.email } }, { at, address });
  if (kind === 'pat' && services.lastUse.noteToken(id, { at, address }) && principal) {
    auditNewAddress(
      services,
      {
        action: 'token.usedFromNewAddress',
        resource: `token:${id}`,
        kind,
        user: { id: userId, email: principal.email },
      },
      { at, address },
    );
  }
  return principal;
}

/** Notes a use of a device; one from an address that it never came from is audited, in the next batch. */
export function noteDeviceUse(
  services: Services,
  device: { id: string; user: { id: string; email: string } | null },
  use: { at: Date; address: string },
): void {
  const { id, user } = device;
  if (!services.lastUse.noteDevice(id, use) || !user) return;
  auditNewAddress(
    services,
    { action: 'device.usedFromNewAddress', resource: `device:${id}`, kind: 'device', user },
    use,
  );
}

function auditNewAddress(
  services: Services,
  used: {
    action: 'token.usedFromNewAddress' | 'device.usedFromNewAddress';
    resource: string;
    kind: CredentialKind;
    user: { id: string; email: string };
  },
  { at, address }: { at: Date; address: string },
): void {
  const { action, resource, kind, user } = used;
  services.auditBatch.add({
    id: newId(),
    at,
    actorId: user.id,
    actor: user.email,
    credential: kind,
    action,
    resource,
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
  return principalOf(services, credential);
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
  return user
    ? makePrincipal(services, { userId: user.id, credential: { kind: 'development', id: 'development' } })
    : null;
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
  if (credential.kind === 'development') return makePrincipal(services, { userId, credential });
  const live = services.credentials.findById(credential.id, services.clock.now());
  return live && live.userId === userId ? principalOf(services, live) : null;
}

function principalOf(services: Services, { userId, kind, id, narrowing }: Credential): Principal | null {
  return makePrincipal(services, { userId, credential: { kind, id }, narrowing });
}

function makePrincipal(
  services: Services,
  given: Pick<Principal, 'userId' | 'credential' | 'narrowing'>,
): Principal | null {
  const { accessIndex } = services;
  const { userId, credential, narrowing } = given;
  accessIndex.passTime(services.clock.now());
  const user = accessIndex.user(userId);
  if (!user?.active) return null;
  const known = { userId, email: user.email, credential };
  const roles = rolesOf(services, { userId, narrowing });
  return narrowing ? { ...known, roles, narrowing } : { ...known, roles };
}

/** The roles of this user now, as far as the narrowing of a token keeps them. */
export function rolesOf(
  { accessIndex }: Services,
  { userId, narrowing }: Pick<Principal, 'userId' | 'narrowing'>,
): ReadonlySet<string> {
  if (!narrowing) return accessIndex.rolesOf(userId);
  return withoutAdministering(narrowedRoles(accessIndex, { userId, narrowing }), narrowing);
}

/** Lists for administrators and curators name tables beyond any list, so whoever is limited to tables sees none of them. */
function withoutAdministering(roles: ReadonlySet<string>, { tableIds }: Narrowing): ReadonlySet<string> {
  return tableIds === null ? roles : new Set([...roles].filter((key) => !rolesBeyondTables.has(key)));
}
