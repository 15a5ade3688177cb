/** A real system, small, on which the contract suite runs a connector: `connectors/<name>/connector.fixture.ts` exports it. */
export interface ConnectorFixture {
  /** Sets the system up, once for all tests of the connector; may use `folder`, which is empty and is removed after them. */
  prepare(folder: string): Promise<PreparedSource>;
}

/** A case of the suite that has no meaning for a connector, and why. */
export interface Meaningless {
  case: null;
  because: string;
}

/** Says why a case has no meaning. */
export function meaningless(because: string): Meaningless {
  return { case: null, because };
}

/** How a table looks after its system has changed it. */
export interface ChangedTable {
  /** The configuration or the options with which it is seen so; left out: those from before. */
  config?: Record<string, unknown>;
  table?: Record<string, unknown>;
  /** Columns with their DuckDB types; null for one that must not be there. */
  columns: Record<string, string | null>;
}

/** A table, the types of its columns, and what they hold. */
export interface TypedTable {
  config?: Record<string, unknown>;
  table: Record<string, unknown>;
  columns: Record<string, string>;
  /** As `readRows` tells them, in the order of the first column. */
  rows: Record<string, unknown>[];
}

/** What a connector needs to reach the prepared system, and what can happen to that. */
export interface PreparedSource {
  config: Record<string, unknown>;
  environment: Record<string, string>;
  /** Ends what runs for it. */
  close?(): Promise<void>;
  /** Options of a table that has rows. */
  table: Record<string, unknown>;
  /** Makes that table unreadable for good. */
  breakTable(): Promise<void>;
  /** Options of a table that cannot be read, where nothing can be broken. */
  brokenTable?: Record<string, unknown>;
  /** Calls `act` once, while the next extraction is asking for rows. Left out: when it hands rows to the sink. */
  inTheMiddle?(act: () => void): void;
  /** Takes the system away at once, and brings it back. */
  outage: { begin(): void; end(): void } | Meaningless;
  /** An environment whose credentials the system refuses. */
  wrongEnvironment: Record<string, string> | Meaningless;
  /** Changes the columns of the table for good. */
  changeColumns: (() => Promise<ChangedTable>) | Meaningless;
  /** Options of a table that has columns and no rows. */
  emptyTable: Record<string, unknown> | Meaningless;
  /** Tables that hold a value of every type that the system and the connector know. */
  everyType: TypedTable[] | Meaningless;
}
