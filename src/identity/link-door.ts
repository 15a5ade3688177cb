import { newId } from '../kernel/ids.ts';
import type { Services } from '../operation/services.ts';
import type { User } from '../people/user.ts';
import type { WriteTransaction } from '../store/store.ts';
import { consumeLink, demandLink, LinkNotValidError, type LinkPurpose } from './mailed-link.ts';
import type { SessionDoor } from './session.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'session.refused': { door: SessionDoor; reason: string };
  }
}

interface PresentedLink {
  purpose: LinkPurpose;
  secret: string;
  door: SessionDoor;
}

/** Like `demandLink`; a refusal is audited, in the next batch. */
export function demandLinkAtDoor(services: Services, link: PresentedLink): Promise<void> {
  return auditingRefusal(services, link.door, () => demandLink(services, link));
}

/** Like `consumeLink`; a refusal is audited, in the next batch. */
export function consumeLinkAtDoor(tx: WriteTransaction, services: Services, link: PresentedLink): Promise<User> {
  return auditingRefusal(services, link.door, () => consumeLink(tx, link));
}

async function auditingRefusal<Result>(
  services: Services,
  door: SessionDoor,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LinkNotValidError) auditRefusal(services, door);
    throw error;
  }
}

/** Whose link it would have been is not told: nobody showed that they may know. */
function auditRefusal(services: Services, door: SessionDoor): void {
  services.auditBatch.add({
    id: newId(),
    at: services.clock.now(),
    actorId: null,
    actor: 'nobody',
    credential: 'none',
    action: 'session.refused',
    resource: `door:${door}`,
    details: { door, reason: 'LINK_NOT_VALID' },
    requestId: newId(),
  });
}
