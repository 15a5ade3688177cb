/** A real system, small, on which the contract suite runs a connector: `connectors/<name>/connector.fixture.ts` exports it. */
export interface ConnectorFixture {
  /** Sets the system up; may use `folder`, which is empty and is removed after the test. */
  prepare(folder: string): Promise<PreparedSource>;
}

/** What a connector needs to reach the prepared system. */
export interface PreparedSource {
  config: Record<string, unknown>;
  environment: Record<string, string>;
  /** Options of a table that has rows. */
  table: Record<string, unknown>;
  /** Makes that table unreadable. */
  breakTable(): Promise<void>;
  /** Options of a table that cannot be read, where nothing can be broken. */
  brokenTable?: Record<string, unknown>;
}
