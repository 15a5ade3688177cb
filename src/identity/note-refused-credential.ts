import { newId, sha256 } from '../kernel/ids.ts';
import type { CredentialKind } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { KnownCredential } from './credential-index.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'credential.refused': {
      reason: RefusedReason;
      times: number;
      address: string;
      credential?: CredentialKind;
      userId?: string;
      email?: string;
    };
  }
}

/**
 * Why what was shown does not count: it is no bearer token, none that is known, one that somebody ended, one whose time is over,
 * one whose owner is not active, or one of the predecessor without the right signature.
 */
type RefusedReason = 'malformed' | 'unknown' | 'revoked' | 'over' | 'ownerNotActive' | 'notSigned';

type Presented =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'cookie'; readonly session: string }
  | { readonly kind: 'malformed' };

/** Requests on their way, and pages that connect again, still show a session for so long after it was ended. */
const graceMilliseconds = 60_000;

/**
 * Audits a token or a session that was shown and does not count, in the next batch: the first of a kind at once, those of the
 * minute after it together with the next one. Each token that is known is a kind, and all that are unknown are one. What was
 * shown is never in it.
 *
 * What comes about by itself makes no row: the hour of a device's access token and the one before the last, sessions whose time is
 * over, and cookies that are not known. A session that somebody ended makes one row, when it is shown more than a minute later.
 */
export function noteRefusedCredential(
  services: Services,
  { presented, address }: { presented: Presented; address: string },
): void {
  const { credentials, clock } = services;
  if (presented.kind === 'malformed') return addRow(services, { reason: 'malformed', address });
  const secretHash = sha256(presented.kind === 'bearer' ? presented.token : presented.session);
  const known = credentials.findKnown(secretHash, clock.now());
  if (!known) {
    if (presented.kind === 'bearer') addRow(services, { reason: 'unknown', address });
    return;
  }
  if (isOrdinary(known, clock.now())) return;
  if (known.credential.kind === 'session') credentials.forgetPast(secretHash);
  addRow(services, { reason: reasonOf(services, known), credential: known.credential, address });
}

function isOrdinary({ credential, state, endedAt }: KnownCredential, now: Date): boolean {
  if (state === 'replaced') return true;
  if (state === 'over') return credential.kind !== 'pat';
  return credential.kind === 'session' && endedAt !== undefined && now.getTime() - endedAt <= graceMilliseconds;
}

function reasonOf({ accessIndex }: Services, { credential, state }: KnownCredential): RefusedReason {
  if (state === 'revoked' || state === 'over') return state;
  return accessIndex.user(credential.userId)?.active ? 'notSigned' : 'ownerNotActive';
}

function addRow(
  { accessIndex, auditBatch, clock, refusalCounts }: Services,
  given: { reason: RefusedReason; credential?: KnownCredential['credential']; address: string },
): void {
  const { reason, credential, address } = given;
  const at = clock.now();
  const resource = credential ? `${resourceKinds[credential.kind]}:${credential.id}` : 'door:credential';
  const times = refusalCounts.count(`credential ${resource} ${reason}`, at);
  if (times === 0) return;
  const email = credential && accessIndex.user(credential.userId)?.email;
  auditBatch.add({
    id: newId(),
    at,
    actorId: null,
    actor: 'nobody',
    credential: 'none',
    action: 'credential.refused',
    resource,
    details: {
      reason,
      times,
      address,
      ...(credential && { credential: credential.kind, userId: credential.userId }),
      ...(email !== undefined && { email }),
    },
    requestId: newId(),
  });
}

const resourceKinds = { pat: 'token', session: 'session', device: 'device' } as const;
