import type { Store } from '../store/store.ts';
import type { AuditEvent } from './audit-event.ts';
import { selectAuditEvents } from './audit-event.store.ts';

/** At most `limit` audit rows, newest first, from behind `before` on. */
export function listAuditEvents(
  store: Store,
  page: { limit: number; before?: { at: Date; id: string } },
): Promise<AuditEvent[]> {
  return selectAuditEvents(store.db, page);
}
