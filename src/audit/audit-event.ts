/** One row of the audit log. `actor` is an e-mail address, or `system`, or `nobody` before sign-in. */
export interface AuditEvent {
  id: string;
  at: Date;
  actorId: string | null;
  actor: string;
  /** The kind of credential that the actor used. */
  credential: string;
  action: string;
  /** `<kind>:<id>`. */
  resource: string;
  details: unknown;
  requestId: string;
}

/** Which audit rows to read: at most `limit`, from behind `before` on, and only those that have all that is named. */
export interface AuditPage {
  limit: number;
  before?: { at: Date; id: string };
  actor?: string;
  action?: string;
  actionPrefix?: string;
  resource?: string;
  since?: Date;
  /** Rows of this instant and later are left out. */
  until?: Date;
}
