import type { Store } from '../store/store.ts';
import type { AuditEvent } from './audit-event.ts';
import { selectAuditEvent, selectAuditEvents } from './audit-event.store.ts';

/** At most `limit` audit rows, newest first, from behind `before` on. */
export function listAuditEvents(
  store: Store,
  page: { limit: number; before?: { at: Date; id: string } },
): Promise<AuditEvent[]> {
  return selectAuditEvents(store.db, page);
}

/** The audit row with this id, or null. */
export function findAuditEvent(store: Store, id: string): Promise<AuditEvent | null> {
  return selectAuditEvent(store.db, id);
}
