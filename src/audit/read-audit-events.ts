import type { Store } from '../store/store.ts';
import type { AuditEvent, AuditPage } from './audit-event.ts';
import { selectAuditEvents } from './audit-event.store.ts';

/** Audit rows, newest first. */
export function listAuditEvents(store: Store, page: AuditPage): Promise<AuditEvent[]> {
  return selectAuditEvents(store.db, page);
}
