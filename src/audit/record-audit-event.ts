import type { WriteTransaction } from '../store/store.ts';
import type { AuditEvent } from './audit-event.ts';
import { insertAuditEvents } from './audit-event.store.ts';

/** Writes one audit row in the transaction of the change it tells of, so that both commit or neither. */
export async function recordAuditEvent(tx: WriteTransaction, event: AuditEvent): Promise<void> {
  await insertAuditEvents(tx.db, [event]);
}
