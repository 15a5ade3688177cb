import type { PlannedAttachment } from './remote-attachment.ts';
import type { RemoteTable } from './remote-type.ts';
import type { SentFailure } from './statement-errors.ts';

/** What a row must meet to be seen; `type` is the column's as DuckDB writes it. A comparison has exactly one value. */
export interface RowCondition {
  column: string;
  type: string;
  operator: 'in' | '>=' | '<';
  values: readonly string[];
}

/** A table that statements may name, by `sqlName` (`source.table`, lower case) or by its bare alias. */
export interface ReadableTable {
  sqlName: string;
  alias: string | null;
  /** Absolute paths of its Parquet files, at least one, unless `remote` or `columns` is given. */
  files: readonly string[];
  /** Given, and `files` empty, for a table that is read in its own system; `revision` changes with its columns. */
  remote?: RemoteTable & { revision: string };
  /** Given, and `files` empty, for a table whose rows have to be read at their source before a statement can run. */
  columns?: readonly ResultColumn[];
  /** All rows unless given; not empty. */
  conditions?: readonly RowCondition[];
}

/** Everything one statement may read. Equal keys promise equal tables: the key hashes readable set and generation. */
export interface Catalog {
  key: string;
  tables: readonly ReadableTable[];
  /** For one statement only: no child keeps it. */
  once?: true;
}

/** A table whose rows have to be read first, and the columns that the statement may need, at least one. */
export interface UnreadTable {
  sqlName: string;
  columns: string[];
}

/** `type` is the type as DuckDB writes it. */
export interface ResultColumn {
  name: string;
  type: string;
}

/** Catalogs that one child keeps; the parent says which one gives way. */
export const catalogsPerChild = 20;

/** What the file of an exported statement is. */
export type ExportFormat = 'parquet' | 'csv' | 'ndjson';

/** What to do with a statement that passes the gate: send its first rows, write all of them to a new file, or nothing. */
export type Work =
  | { kind: 'rows'; limit: number }
  /** `path`: absolute; nothing of the statement may come into it. */
  | { kind: 'file'; format: ExportFormat; path: string }
  | { kind: 'check' };

/** What the parent tells a child. A child runs one statement at a time. */
export type ToChild =
  | {
      kind: 'run';
      statement: string;
      work: Work;
      catalogKey: string;
      /** Only for a catalog that the child does not hold. */
      tables?: readonly ReadableTable[];
      forgetCatalogKey?: string;
      /** How each system is attached in which a table of the catalog is; they hold secrets. */
      attachments?: readonly PlannedAttachment[];
      /** The catalog is closed as soon as the statement has ended. */
      once?: true;
    }
  | { kind: 'interrupt' };

/**
 * What a child answers: `tables`, then `columns` and any number of `rows`, then `done`; or `failed` at any point. After `unread`
 * comes `done` at once: the statement fits the columns of those tables and was not run.
 */
export type FromChild =
  | { kind: 'ready' }
  | { kind: 'tables'; tables: string[] }
  | { kind: 'unread'; unread: UnreadTable[] }
  | { kind: 'columns'; columns: ResultColumn[] }
  /** JSON text of a list of rows. */
  | { kind: 'rows'; json: string }
  /** `rowCount`: how many rows were sent or written. */
  | { kind: 'done'; truncated: boolean; rowCount: number }
  | { kind: 'failed'; failure: SentFailure };
