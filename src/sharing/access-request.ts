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
}
