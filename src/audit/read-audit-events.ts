import type { Store } from '../store/store.ts';
import type { AuditEvent, AuditPage } from './audit-event.ts';
import { selectAuditEvent, selectAuditEvents } from './audit-event.store.ts';

/** Audit rows, newest first. */
export function listAuditEvents(store: Store, page: AuditPage): Promise<AuditEvent[]> {
  return selectAuditEvents(store.db, page);
}

/** The audit row with this id, or null. */
export function findAuditEvent(store: Store, id: string): Promise<AuditEvent | null> {
  return selectAuditEvent(store.db, id);
}
