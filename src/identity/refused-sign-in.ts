import { newId } from '../kernel/ids.ts';
import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { SessionDoor } from './session.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'session.refused': { door: SessionDoor; reason: string; address: string | null; email?: string };
  }
}

/** A sign-in that was refused; `user` only when the account that was named is a known one. */
export interface RefusedSignIn {
  readonly door: SessionDoor;
  readonly reason: string;
  readonly user: { readonly id: string; readonly email: string } | null;
  readonly client: Client;
  readonly requestId: string;
}

/** Audits a refused sign-in, in the next batch. What was typed is never in it. */
export function auditRefusedSignIn(services: Services, refused: RefusedSignIn): void {
  const { door, reason, user, client, requestId } = refused;
  services.auditBatch.add({
    id: newId(),
    at: services.clock.now(),
    actorId: null,
    actor: 'nobody',
    credential: 'none',
    action: 'session.refused',
    resource: user ? `user:${user.id}` : `door:${door}`,
    details: { door, reason, address: client.address, ...(user && { email: user.email }) },
    requestId,
  });
}
