import type { Store, WriteTransaction } from '../store/store.ts';
import type { AuditEvent } from './audit-event.ts';
import { insertAuditEvents } from './audit-event.store.ts';

/** Writes one audit row in the transaction of the change it tells of, so that both commit or neither. */
export async function recordAuditEvent(tx: WriteTransaction, event: AuditEvent): Promise<void> {
  await insertAuditEvents(tx.db, [event]);
}

/** Writes one audit row of something that changed nothing, such as a refusal; it is durable when this resolves. */
export async function writeAuditEvent(store: Store, event: AuditEvent): Promise<void> {
  await store.write((tx) => recordAuditEvent(tx, event));
}
