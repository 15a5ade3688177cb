/** A table as one of its readers sees it. */
export interface TableFacts {
  /** How statements name it. */
  readonly table: string;
  readonly alias: string | null;
  readonly description: string | null;
  /** Where a statement of this place finds its rows. */
  readonly rowsAt: RowsAt;
  /** How many it holds, as text; null where that is not known. */
  readonly rows: string | null;
  /** Names what it holds: equal contents have equal versions. Null where it holds no files. */
  readonly version: string | null;
  /** RFC 3339; when what it holds was published. Null where that is not known. */
  readonly publishedAt: string | null;
  readonly columns: readonly ColumnFacts[];
}

/** In the workspace, on the server, or at the source, where the server reads them anew for each statement. */
export type RowsAt = 'workspace' | 'server' | 'source';

export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
}

/** A metric as lists show it. */
export interface MetricFacts {
  /** `<category>/<name>`. */
  readonly metric: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly unit: string | null;
  /** The table whose rows it measures, as its definition names it. */
  readonly tableName: string | null;
}

export type PlaceKind = 'server' | 'workspace';

/** The whole definition of a metric. */
export interface MetricDetail extends MetricFacts {
  readonly type: string;
  readonly grain: string;
  readonly expression: string | null;
  readonly tables: readonly string[];
  readonly timeColumn: string | null;
  readonly dimensions: readonly string[];
  readonly filters: readonly string[];
  readonly synonyms: readonly string[];
  readonly notes: readonly string[];
  readonly sql: string;
  readonly sqlVariants: readonly { readonly name: string; readonly sql: string }[];
}

/** The first rows of a statement, and what it read. */
export interface Rows {
  /** Where it ran. */
  readonly place: PlaceKind;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether there are more than `limit`. */
  readonly truncated: boolean;
  readonly reads: readonly {
    readonly sqlName: string;
    readonly version: string | null;
    readonly publishedAt: string | null;
  }[];
}

/** Which metric to run, over which rows. */
export interface MetricRun {
  readonly id: string;
  readonly variant?: string;
  readonly from?: string;
  readonly to?: string;
  readonly filters?: readonly { readonly dimension: string; readonly values: readonly string[] }[];
  /** 1 to 10,000. */
  readonly limit: number;
}

/** Why somebody may read a table; the first reason decides. */
export interface AccessFacts {
  readonly table: string;
  readonly reasons: readonly {
    readonly effect: string;
    readonly kind: string;
    readonly role: string | null;
    readonly expiresAt: string | null;
  }[];
}

/**
 * What holds tables and metrics for one person: the server, or a workspace on a laptop. It knows only what this person may see;
 * whatever else there is does not exist in it. Each method throws a `ToolFailure` for what it cannot do.
 */
export interface Place {
  readonly kind: PlaceKind;
  /** RFC 3339; as of when it is in step with the server. Null for the server itself. */
  asOf(): Promise<string | null>;
  /** By SQL name. */
  tables(signal: AbortSignal): Promise<readonly TableFacts[]>;
  /** The table with this SQL name or alias. */
  table(name: string, signal: AbortSignal): Promise<TableFacts | null>;
  /** By category and name. */
  metrics(wanted: { category?: string }, signal: AbortSignal): Promise<readonly MetricFacts[]>;
  metric(id: string, signal: AbortSignal): Promise<MetricDetail | null>;
  runMetric(run: MetricRun, signal: AbortSignal): Promise<Rows | null>;
  /** `limit` rows at most, 1 to 10,000. */
  query(asked: { statement: string; limit: number }, signal: AbortSignal): Promise<Rows>;
  explainAccess(name: string, signal: AbortSignal): Promise<AccessFacts | null>;
}
