import type { AuditEvent } from '../audit/audit-event.ts';
import { writeAuditEvent } from '../audit/record-audit-event.ts';
import { newId } from '../kernel/ids.ts';
import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { SessionDoor } from './session.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'session.refused': { door: SessionDoor; reason: string; address: string | null; email?: string; provider?: string };
  }
}

/** A sign-in that was refused; `user` only when the account that was named is a known one. */
export interface RefusedSignIn {
  readonly door: SessionDoor;
  /** Which provider, where the door has several. */
  readonly provider?: string;
  readonly reason: string;
  readonly user: { readonly id: string; readonly email: string } | null;
  readonly client: Client;
  readonly requestId: string;
}

/**
 * Audits a refused sign-in; the row is durable when this resolves, so a kill right behind the answer loses none. What was typed is
 * never in it. The limits of tries bound how many rows a stranger can cause: of those that are held back only the first is written.
 */
export async function auditRefusedSignIn(services: Services, refused: RefusedSignIn): Promise<void> {
  await writeAuditEvent(services.store, refusedEvent(services, refused));
}

/** Audits a sign-in that is refused inside a transaction, which holds the only writer: in the next batch. */
export function noteRefusedSignIn(services: Services, refused: RefusedSignIn): void {
  services.auditBatch.add(refusedEvent(services, refused));
}

function refusedEvent(services: Services, refused: RefusedSignIn): AuditEvent {
  const { door, provider, reason, user, client, requestId } = refused;
  return {
    id: newId(),
    at: services.clock.now(),
    actorId: null,
    actor: 'nobody',
    credential: 'none',
    action: 'session.refused',
    resource: user ? `user:${user.id}` : `door:${door}`,
    details: {
      door,
      reason,
      address: client.address,
      ...(user && { email: user.email }),
      ...(provider && { provider }),
    },
    requestId,
  };
}
