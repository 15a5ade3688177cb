/** The first message to the child process: one database file to open. It answers with what the file holds, or why not. */
export interface OpenRequest {
  /** The real path of `extract.duckdb`. */
  path: string;
  /** Where DuckDB looks for the log of changes beside it, and may find none. */
  walPath: string;
  /** The Parquet file that a later `CopyRequest` writes; it does not exist yet. */
  target?: string;
}

/** A further message: write the rows of this table or view. It is answered with `copied`, or with why not. */
export interface CopyRequest {
  table: string;
}

/** A row of `_meta`. */
export interface MetaRow {
  name: string;
  description: string | null;
  queryMode: string | null;
}

/** What an `extract.duckdb` holds. */
export interface ExtractDatabase {
  /** Null when there is no readable `_meta`. */
  meta: MetaRow[] | null;
  /** Tables and views; `sql` is that of a view, null for a table. */
  relations: { name: string; sql: string | null }[];
  /** The systems that its remote views name. */
  remotes: { alias: string; extension: string; url: string; tokenEnv: string | null }[];
}

/** The answer to a message: `step` tells which failed. */
export type Reply =
  | { database: ExtractDatabase }
  | { copied: true }
  | { step: 'open' | 'read' | 'copy'; error: string };
