import type { Store } from '../store/store.ts';
import type { AuditEvent } from './audit-event.ts';
import { insertAuditEvents } from './audit-event.store.ts';

const largestBatch = 500;

/** Collects audit rows of reads (statements, downloads) and writes them together; a crash may lose the last second. */
export class AuditBatch {
  readonly #waiting: AuditEvent[] = [];
  #underWay: Promise<void> = Promise.resolve();

  add(event: AuditEvent): void {
    this.#waiting.push(event);
  }

  /**
   * Writes what was added since the last flush, each row once; what failed stays for the next. Flushes go one after the other, so
   * that all rows that were added before are written when it resolves.
   */
  flush(store: Store): Promise<void> {
    const flushed = this.#underWay.then(() => this.#write(store));
    this.#underWay = flushed.catch(() => {});
    return flushed;
  }

  async #write(store: Store): Promise<void> {
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
