import type { Store } from '../store/store.ts';
import type { AuditEvent } from './audit-event.ts';
import { insertAuditEvents } from './audit-event.store.ts';

const largestBatch = 500;

/** Collects audit rows of reads (statements, downloads) and writes them together; a crash may lose the last second. */
export class AuditBatch {
  readonly #waiting: AuditEvent[] = [];

  add(event: AuditEvent): void {
    this.#waiting.push(event);
  }

  /** Writes what was added since the last flush, each row once also when flushes overlap; what failed stays for the next. */
  async flush(store: Store): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, largestBatch);
      try {
        await store.write((tx) => insertAuditEvents(tx.db, batch));
      } catch (error) {
        this.#waiting.unshift(...batch);
        throw error;
      }
    }
  }
}
