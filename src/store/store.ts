import type { Kysely, Transaction as KyselyTransaction } from 'kysely';
import type { Database } from './database.ts';

/** An event as it stands in the outbox. */
export interface StoredEvent {
  seq: number;
  at: Date;
  topic: string;
  payload: unknown;
}

/** Which part of the outbox to read. */
export interface EventRange {
  readonly topic: string;
  /** Only events with a greater `seq`. */
  readonly after: number;
  readonly limit: number;
}

/** Committed events in order. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** The number of the oldest event of any topic that was still kept after these were read; 0 when there is none. */
  readonly oldestSeq: number;
}

/** What `write` hands to its function: Kysely on the writer's connection, and the outbox. */
export interface WriteTransaction {
  readonly db: KyselyTransaction<Database>;
  /** The instant of this transaction: every row it writes carries the same. */
  readonly at: Date;
  /** Adds an event to the outbox; listeners hear it after the commit, in order. */
  emit(topic: string, payload: unknown): void;
}

/**
 * The state database. Reads go through `db`; every change goes through `write`, one at a time: the next transaction
 * starts when the one before has ended, on DuckDB and on PostgreSQL alike.
 */
export interface Store {
  readonly dialect: 'duckdb' | 'postgres';
  /** Reads, never waiting for the writer; a statement that changes something is refused. */
  readonly db: Kysely<Database>;
  /**
   * Runs `change` in a transaction. Commits when it resolves, rolls back when it throws or when one of its statements
   * failed. When the promise resolves, the change is durable and every listener has run. `change` awaits only `tx`: a
   * `write` inside a `write` waits for itself.
   */
  write<Result>(change: (tx: WriteTransaction) => Promise<Result>): Promise<Result>;
  /** The number of the newest event that listeners have been told of, or 0. */
  readonly lastSeq: number;
  /** Reads the oldest events after `after`, at most `limit`, as listeners heard them. */
  eventsAfter(range: EventRange): Promise<EventPage>;
  /** `listener` runs synchronously after each commit that emitted events. Returns how to stop. */
  onCommit(listener: (events: readonly StoredEvent[]) => void): () => void;
  /** Deletes the events before `before`, but never the newest, so that `seq` goes on. Resolves to how many. */
  pruneEvents(before: Date): Promise<number>;
  /** Waits for every write and read that has begun, then closes; later ones are refused. */
  close(): Promise<void>;
}
