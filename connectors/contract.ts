import type { ZodType } from 'zod';

/** One table as a source can offer it, before anybody registered it. */
export interface DiscoveredTable {
  /** How the source itself names it: `options` of a registration refer to it. */
  name: string;
  description?: string;
  /** What a registration of this table needs, in the shape of the connector's `tableOptions`. */
  options: Record<string, unknown>;
}

/** One registered table that a run shall extract. `options` already passed the connector's `tableOptions`. */
export interface ExtractTable<TableOptions> {
  id: string;
  name: string;
  options: TableOptions;
}

/** A row that could not be read, told so that its owner can find and mend it. */
export interface BadRow {
  file: string;
  line: number;
  message: string;
}

/** How to read a delimited text file; what is left out is detected. */
export interface CsvFormat {
  delimiter?: string;
  header?: boolean;
  /** Column name to DuckDB type; columns that are not named are detected. */
  types?: Record<string, string>;
  nullText?: string;
  dateFormat?: string;
  timestampFormat?: string;
}

/** Where a connector puts one table's rows. The engine behind it stages, checks, names by content and publishes. */
export interface TableSink {
  /** Reads a delimited text file. Refuses with a `BadRow` when a row does not fit. */
  csv(path: string, format: CsvFormat): Promise<void>;
  /** Reads a Parquet file. */
  parquet(path: string): Promise<void>;
}

/** What a connector may use of the outside; nothing else is handed to it. */
export interface ConnectorContext<SourceConfig> {
  config: SourceConfig;
  /** Reads an environment variable that this connector declared in `environment`. */
  readEnv(name: string): string | undefined;
  signal: AbortSignal;
}

/**
 * Code that knows a kind of system. One connector per folder; the contract suite in `tests/connectors` runs over all.
 * A connector throws a plain `Error` whose message tells the administrator what is wrong and what to do.
 */
export interface Connector<SourceConfig = unknown, TableOptions = unknown> {
  /** Stable key, stored with each source. */
  readonly kind: string;
  readonly displayName: string;
  readonly description: string;
  /** Names of the environment variables that it may read. */
  readonly environment: readonly string[];
  readonly sourceConfig: ZodType<SourceConfig>;
  readonly tableOptions: ZodType<TableOptions>;
  /** Resolves when the source can be reached with this configuration. */
  check(context: ConnectorContext<SourceConfig>): Promise<void>;
  /** The tables that the source offers now. */
  discover(context: ConnectorContext<SourceConfig>): Promise<DiscoveredTable[]>;
  /** Writes one table's rows into `sink`. */
  extract(context: ConnectorContext<SourceConfig>, table: ExtractTable<TableOptions>, sink: TableSink): Promise<void>;
}
