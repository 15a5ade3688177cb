import type { Outbox } from '../../src/server/subscription-backlog.ts';
import type { EventPage, EventRange, StoredEvent } from '../../src/store/store.ts';

/** An outbox in memory. */
export class KeptEvents implements Outbox {
  /** How often a page was read. */
  reads = 0;
  lastSeq = 0;
  #events: StoredEvent[] = [];
  /** Awaited after a page was read and before it is answered. */
  pause: () => Promise<void> | undefined = () => undefined;

  keep(event: StoredEvent): void {
    this.#events.push(event);
    this.lastSeq = event.seq;
  }

  /** Forgets the events up to `seq`. */
  prune(seq: number): void {
    this.#events = this.#events.filter((event) => event.seq > seq);
  }

  async eventsAfter({ topic, after, limit }: EventRange): Promise<EventPage> {
    this.reads += 1;
    const events = this.#events.filter((event) => event.topic === topic && event.seq > after).slice(0, limit);
    const oldestSeq = this.#events[0]?.seq ?? 0;
    await this.pause();
    return { events, oldestSeq };
  }
}
