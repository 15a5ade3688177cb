import type { RunState } from './documents.ts';

/** What the address says of the list; null: whichever. */
export interface RunListPlace {
  source: string | null;
  state: RunState | null;
  /** The stored id of a table. */
  table: string | null;
  /** The cursor behind which the page begins; null: the first page. */
  after: string | null;
}
