import type { SyncEvent } from './documents.ts';

/** Shows on stderr how a run goes. */
export interface Progress {
  show(event: SyncEvent): void;
  /** Leaves the terminal as it should be for what is printed next. */
  stop(): void;
}
