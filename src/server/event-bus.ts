import type { StoredEvent } from '../store/store.ts';

type EventListener = (event: StoredEvent) => void;

/** Hands the events of each commit to whoever listens to their topic, synchronously and in order. */
export interface EventBus {
  /** Returns how to stop listening. */
  subscribe(topic: string, listener: EventListener): () => void;
}

/** An event bus within this process: `publish` is what the store calls after each commit. */
export class TopicBus implements EventBus {
  readonly #listeners = new Map<string, Set<EventListener>>();

  subscribe(topic: string, listener: EventListener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }

  publish(events: readonly StoredEvent[]): void {
    for (const event of events) for (const listener of this.#listeners.get(event.topic) ?? []) listener(event);
  }
}
