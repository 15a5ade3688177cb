import type { Store } from '../store/store.ts';
import type { AuditEvent } from './audit-event.ts';
import { insertAuditEvents } from './audit-event.store.ts';

const largestBatch = 500;

/** Collects audit rows of reads (statements, downloads) and writes them together; a crash may lose the last second. */
export class AuditBatch {
  #waiting: AuditEvent[] = [];

  add(event: AuditEvent): void {
    this.#waiting.push(event);
  }

  /** Writes what was added since the last flush; what could not be written stays for the next. */
  async flush(store: Store): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, largestBatch);
      await store.write((tx) => insertAuditEvents(tx.db, batch));
      this.#waiting = this.#waiting.slice(batch.length);
    }
  }
}
