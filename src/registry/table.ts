/** What a column means. */
export interface ColumnDescription {
  name: string;
  description: string;
}

/** One registered relation of a source. `sqlName` and `alias` are unique over all tables. */
export interface Table {
  id: string;
  sqlName: string;
  /** A further bare name under which SQL finds it. */
  alias: string | null;
  sourceId: string;
  /** Unique within its source. */
  name: string;
  bucket: string | null;
  description: string | null;
  /** Copied here by each sync; read at its source by the statement that names it; or the result of a statement at its source, copied here. */
  queryMode: 'local' | 'remote' | 'materialized';
  isPublic: boolean;
  primaryKey: string[];
  /** When it is synced by itself, as `nextTurn` reads it; null: only when somebody asks. */
  schedule: string | null;
  /** The column by which new rows are told; null: every sync takes all rows. */
  watermarkColumn: string | null;
  /** What the connector needs to extract it. */
  options: Record<string, unknown>;
  /** What people said of its columns; each name once, by name. It counts before what the source says. */
  columnDescriptions: ColumnDescription[];
  createdAt: Date;
}
