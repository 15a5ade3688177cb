import type { Kysely, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What `openStore` asks of the two databases. */
export interface Backend {
  readonly dialect: 'duckdb' | 'postgres';
  /** Refuses to change anything. Ends after everything running has ended. */
  readonly reader: Kysely<Database>;
  /** One connection: a second transaction waits for the first. */
  readonly writer: Kysely<Database>;
  /** Makes sure that no other process writes until this transaction ends. */
  beginAlone(tx: Transaction<Database>): Promise<void>;
  /** Waits for what runs, then closes. */
  close(): Promise<void>;
}

/** What a state database holds before it is opened. */
export interface PeekedState {
  /** The version of its schema; undefined where there is no state yet. */
  readonly version: number | undefined;
  /** A table that has rows; undefined when none has. */
  readonly usedTable: string | undefined;
}
