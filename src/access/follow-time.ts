import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../store/store.ts';

/** Something in memory that changes by itself at certain instants. */
export interface TimedIndex {
  /** The next of these instants, in milliseconds since the epoch; Infinity when there is none. */
  readonly nextTurn: number;
  /** Makes the index what it is at `now`. */
  passTime(now: Date): void;
}

/** A timer cannot wait for more than 24 days, and does not know when a clock is put right. */
const longestWaitMilliseconds = 3_600_000;

/**
 * Lets time pass in the index at each instant at which a grant begins or ends, without keeping the process alive.
 * Returns how to stop.
 */
export function followTime(index: TimedIndex, given: { store: Store; clock: Clock }): () => void {
  const { store, clock } = given;
  let timer: NodeJS.Timeout | undefined;
  let awaited = Infinity;

  function wait(): void {
    clearTimeout(timer);
    awaited = index.nextTurn;
    if (awaited === Infinity) return;
    const milliseconds = Math.max(1, awaited - clock.now().getTime());
    timer = setTimeout(wake, Math.min(milliseconds, longestWaitMilliseconds)).unref();
  }

  function wake(): void {
    index.passTime(clock.now());
    wait();
  }

  const stopListening = store.onCommit(() => {
    if (index.nextTurn !== awaited) wait();
  });
  wait();
  return () => {
    stopListening();
    clearTimeout(timer);
  };
}
