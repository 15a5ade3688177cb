import { coreAdmin, coreViewer } from '../access/core-roles.ts';
import type { Principal } from '../operation/principal.ts';

/** How far a request has come. */
export type AccessRequestStatus = 'pending' | 'approved' | 'denied';

/** A person asked to read a table. */
export interface AccessRequest {
  readonly id: string;
  readonly userId: string;
  readonly tableId: string;
  readonly reason: string;
  readonly status: AccessRequestStatus;
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
  /** The actor as the audit names it. */
  readonly decidedBy: string | null;
  /** What the one who decided wants the asker to know. */
  readonly note: string | null;
  /** When what was approved ends; null: it has no end, or nothing was approved. */
  readonly expiresAt: Date | null;
}

/** The topic under which the outbox carries what somebody is to be told. */
export const notificationTopic = 'notification';

/** What somebody is to be told: administrators of a request, its asker of the decision. */
export interface Notification {
  readonly kind: 'accessRequestMade' | 'accessRequestDecided';
  readonly requestId: string;
  /** Who asked. */
  readonly userId: string;
  readonly tableId: string;
}

/**
 * Whether a principal may know of this request: administrators of each, everybody else of their own; with a token that is narrowed
 * only of tables that it lists, and only with the role that asking needs.
 */
export function mayKnowRequest(
  { userId, roles, narrowing }: Principal,
  request: Pick<AccessRequest, 'userId' | 'tableId'>,
): boolean {
  if (roles.has(coreAdmin.key)) return true;
  if (request.userId !== userId) return false;
  if (!narrowing) return true;
  return roles.has(coreViewer.key) && (narrowing.tableIds?.includes(request.tableId) ?? true);
}
