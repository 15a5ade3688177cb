import type { ZodType } from 'zod';

/** One table as a source can offer it, before anybody registered it. */
export interface DiscoveredTable {
  /** A name that a registration can take as it is: `[a-z_][a-z0-9_]*`, at most 64 characters, unique in the answer. */
  name: string;
  description?: string;
  /** How the source groups it. */
  bucket?: string;
  /** The columns that tell its rows apart, as the source has them. */
  primaryKey?: string[];
  /** What a registration of this table needs, in the shape of the connector's `tableOptions`. */
  options: Record<string, unknown>;
}

/** One registered table that a run shall extract. `options` already passed the connector's `tableOptions`. */
export interface ExtractTable<TableOptions> {
  id: string;
  name: string;
  options: TableOptions;
  /** Set only for an `incremental` connector: only these rows are wanted, because the others are here already. */
  since?: Since;
  /**
   * The `cursor` of the last extraction of this table that was published. Left out at first, in a full refresh, when what decides
   * the rows has changed (the source's configuration, the table's options or keys), and when a file of the table is gone: the
   * table then begins empty, whatever `joins` answers.
   */
  cursor?: string;
}

/**
 * How the rows of one extraction join those that the table holds. `replace`: they are all rows. `merge`: a row whose primary key
 * comes again takes the place of what is here; of one key the row that was written last counts. `append`: they are added as they
 * are; nothing written changes nothing. `partitions`: each partition that was named is replaced as a whole, the others stay.
 */
export type Joins = 'replace' | 'merge' | 'append' | 'partitions';

/** A table that stays in its own system, which statements reach by an extension of DuckDB at the time they run. */
export interface AttachedTable {
  /** The kind of system, such as `duckdb`; the engine knows which may be attached. */
  type: string;
  /** Where the system is; never with a secret in it. */
  url: string;
  /** The name of the environment variable that holds the secret; null where none is needed. */
  tokenEnv: string | null;
  schema: string;
  table: string;
}

/** What one extraction answers besides the rows; all of it may be left out. */
export interface ExtractResult {
  /** The connector's own text of at most 100,000 characters: kept with what is published and handed to the next extraction. */
  cursor?: string;
  /** Left out: `replace`, or what `since` asked for. What is here stays only where a `cursor` or `since` was handed in. */
  joins?: Joins;
  /** Bytes that the source charges for, in decimal digits; kept with the run. Left out: it does not tell. */
  bytesBilled?: string;
  /** The columns that tell rows apart in `merge` where the registration names none. */
  primaryKey?: readonly string[];
  /** What the source says of columns; those it says nothing of are left out. A person's word counts before it. */
  columns?: readonly { name: string; description: string }[];
  /** The table is not copied but read there, by each statement anew; nothing may have been written to the sink. */
  remote?: AttachedTable;
}

/** What is known here of a column. */
export interface DescribedColumn {
  name: string;
  /** As DuckDB prints it, such as `DECIMAL(18,2)`. */
  type: string;
  /** What a person said here; null where nobody did. */
  description: string | null;
}

/** Which rows of a table are new. A run that finds none hands nothing to the sink. */
export interface Since {
  column: string;
  /** The greatest value that is here, as DuckDB prints it: `42`, `2026-03-01`, `2026-03-01 07:00:00+00` (always UTC). */
  value: string;
  /**
   * With true, rows of this very value are wanted again besides the greater ones: the table has a primary key, and what comes
   * again takes the place of what is here. With false only greater ones: what comes is added as it is.
   */
  orEqual: boolean;
}

/** A file that a connector has ready on this machine. */
export interface SourceFile {
  /** Where it lies, absolute; never told to anybody. */
  path: string;
  /** How messages call it, as the administrator of the source knows it. */
  name: string;
  /** Values of further columns, the same in each of its rows; typed over all files as text is. Left out: none. */
  columns?: Readonly<Record<string, string | null>>;
}

/** How to read a delimited text file in UTF-8. What is left out is detected over the whole file. */
export interface CsvFormat {
  /** One ASCII character; left out: the most frequent of `,` `;` tab `|` in the first line. */
  delimiter?: string;
  /** Whether the first line names the columns; left out: it does. */
  header?: boolean;
  /** Column name to DuckDB type; columns that are not named are detected. */
  types?: Record<string, string>;
  /** Means NULL, besides the empty value. */
  nullText?: string;
  /** With `text` an empty value in quotation marks is an empty text in VARCHAR columns; left out: it is NULL, as without them. */
  quotedEmpty?: 'text';
  /** As DuckDB's `strptime` reads it; left out: ISO 8601. */
  dateFormat?: string;
  /** As DuckDB's `strptime` reads it; left out: ISO 8601. */
  timestampFormat?: string;
}

/** How to read JSON in UTF-8: an array of objects, or one object on each line. What is left out is detected over all of it. */
export interface JsonFormat {
  /** Only one object on each line will do; left out: the first character tells. */
  lines?: boolean;
  /** Key to DuckDB type; keys that are not named are detected. */
  types?: Record<string, string>;
  /** As DuckDB's `strptime` reads it; left out: ISO 8601. */
  dateFormat?: string;
  /** As DuckDB's `strptime` reads it; left out: ISO 8601. */
  timestampFormat?: string;
}

/** One file, or several that make one: their rows in this order, columns matched by name, each with one type over all. */
export type SourceFiles = SourceFile | readonly SourceFile[];

/**
 * Where a connector puts rows: each call with files adds one file to the table, its columns matched by name with those of the
 * others. The engine behind it stages, checks, names by content and publishes.
 */
export interface RowSink {
  /** Adds delimited text. Rejects, naming file and line, when a row does not fit: no row is skipped. */
  csv(files: SourceFiles, format: CsvFormat): Promise<void>;
  /** Adds JSON. Rejects, naming file and line, when an object does not fit: none is skipped. */
  json(files: SourceFiles, format: JsonFormat): Promise<void>;
  /** Adds Parquet. Rejects when columns of one name have types that cannot stand together. */
  parquet(files: SourceFiles): Promise<void>;
  /** A private folder for files on their way to the calls above, absolute; it is removed with all that is in it. */
  scratchFolder(): Promise<string>;
}

/** Where a connector puts one table's rows. The partitions are for an extraction that answers `joins: 'partitions'`. */
export interface TableSink extends RowSink {
  /**
   * Where the rows of the partition `name` (`[A-Za-z0-9_=.-]{1,128}`) go: what is written are all of them, and nothing written
   * leaves none. Columns have one type over all partitions, as they have over several files.
   */
  partition(name: string): RowSink;
  /** Leaves no rows of this partition; one that is not there is no fault. */
  dropPartition(name: string): Promise<void>;
}

/** What a connector may use of the outside; nothing else is handed to it. */
export interface ConnectorContext<SourceConfig> {
  config: SourceConfig;
  /** Reads an environment variable that this connector declared in `environment` or by `environmentPrefix`. */
  readEnv(name: string): string | undefined;
  /**
   * Set in a run only: the absolute path of a folder that is this source's alone and is kept from run to run, until the source is
   * deleted. The connector makes it when it needs it.
   */
  folder?: string;
  /** Aborted when nobody wants the answer any more; what runs then rejects with its reason. */
  signal: AbortSignal;
  /** Waits between two attempts; rejects with the reason of `signal` once that is aborted. Every wait of a connector goes here. */
  pause(seconds: number, signal: AbortSignal): Promise<void>;
}

/** What a statement may use at the source. What is left out has the limit of the source's configuration, or none. */
export interface StatementLimits {
  /** Rows of the result. */
  rows?: number;
  /** Bytes of the result, as they come from the source. */
  bytes?: number;
  /** Bytes that the source charges for, in decimal digits. */
  bytesBilled?: string;
  /** From the start to the last row. */
  seconds?: number;
}

/** What a statement would give and cost. */
export interface StatementEstimate {
  /** The columns of the result, in order, each with its DuckDB type. */
  columns: { name: string; type: string }[];
  /** Bytes that the source would read, in decimal digits; null when it cannot tell. */
  bytesProcessed: string | null;
}

/** What a statement gave and cost. */
export interface StatementResult {
  rows: number;
  /** Bytes that the source charges for, in decimal digits; null when it does not tell. */
  bytesBilled: string | null;
}

/**
 * Statements in the source's own SQL that the source runs itself. They only read: one that would change anything is refused.
 * Everything here throws a plain `Error` with one sentence, as a connector does.
 */
export interface SourceStatements<SourceConfig = unknown, TableOptions = unknown> {
  /** Costs nothing and reads no row. */
  estimate(context: ConnectorContext<SourceConfig>, request: { statement: string }): Promise<StatementEstimate>;
  /**
   * Writes the rows into `sink`, each column with the type that `estimate` tells. Throws when a limit is passed: before, as far as
   * the source can tell, and while it reads. When `context.signal` is aborted it cancels at the source too, and rejects with the reason.
   */
  run(
    context: ConnectorContext<SourceConfig>,
    request: { statement: string; limits: StatementLimits },
    sink: TableSink,
  ): Promise<StatementResult>;
  /**
   * The statement that reads the named columns of a table, or all of them with null. With it a table may be registered with
   * `queryMode: REMOTE`: it is read when a statement needs it, and never copied.
   */
  tableStatement?(config: SourceConfig, options: TableOptions, columns: readonly string[] | null): string;
}

/** One request that came in at `POST /webhooks/<source>`. */
export interface WebhookRequest {
  /** By their names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they were sent. */
  body: Buffer;
}

/** What one request of a webhook says. */
export interface WebhookDelivery {
  /** What the system calls this delivery: the same when it sends it again. Left out: the body tells. */
  id?: string;
  /** What happened, in order. They wait in the state database until a run has worked them off. */
  events: readonly { key: string; event: unknown }[];
}

/** An event that waits, as `gather` is handed it. */
export interface WaitingEvent {
  id: string;
  /** What it is about: the events of one key were received in this order. */
  key: string;
  event: unknown;
  receivedAt: Date;
}

/** A webhook as `receive` refuses it: an `Error` with this property. Its message is told to who sent the request. */
export interface WebhookRefusal extends Error {
  /** `unauthorized`: it is not signed as it must be. `invalid`: it cannot be read. `off`: this source takes none. `unready`: the server lacks a secret. */
  refusal: 'unauthorized' | 'invalid' | 'off' | 'unready';
}

/** A table as the last good sync published it, for a connector to compare. */
export interface PublishedTable {
  options: unknown;
  /** The names of its partitions; one that has none has the empty name for all its rows. */
  partitions: readonly string[];
  /** Whether the files of a partition still hold what was published; reads all of them. One that is not there is whole. */
  isWhole(partition: string): Promise<boolean>;
  /** These columns of all rows of a partition, each value as DuckDB prints it, instants in UTC; none for one that is not there. */
  rows(partition: string, columns: readonly string[]): Promise<Record<string, string | null>[]>;
}

/** What a run asks a connector to gather before its tables are extracted. */
export interface GatherRequest {
  /** The events that wait, oldest first. */
  events: readonly WaitingEvent[];
  /** Work of its own that is wanted, by the names that `tasks` tells; null: the whole source. */
  tasks: readonly string[] | null;
  /** Whether nothing that is here already may be relied on. */
  fullRefresh: boolean;
  /** The tables of the source that hold rows. */
  published: readonly PublishedTable[];
}

/** What `gather` did. */
export interface Gathered {
  /** The ids of events that are done with once this run has published; the others wait on. */
  handled: readonly string[];
  /** What administrators shall know of it, kept with the run. */
  report?: Readonly<Record<string, unknown>>;
}

/** Work of a source besides the sync of its tables, done by runs of its own. */
export interface SourceTask {
  name: string;
  /** When it is due, in the words of the schedules of tables; null: only when an administrator asks. */
  schedule: string | null;
}

/**
 * Code that knows a kind of system. One connector per folder, exported as `connector` by `<name>/connector.ts`; the contract
 * suite in `tests/connectors` runs over all; those from elsewhere are loaded from `CONNECTORS_DIR`. A connector throws a plain `Error` whose message tells the administrator what is
 * wrong and what to do, and passes on what the sink throws. Its schemas refuse unknown keys.
 *
 * A table is tried again, after 1 and 4 seconds, when the error, or a `cause` of it, has a property `retryable` that is true
 * (too many requests, a 5xx answer), or the `code` of a network fault such as `ECONNRESET`. Nothing else is: the next attempt
 * would fail alike. `retryable: false` says so of a network fault too. An error with a property `bytesBilled` (decimal digits) tells what
 * the source charges for although it failed.
 */
export interface Connector<SourceConfig = unknown, TableOptions = unknown> {
  /** Stable key, stored with each source. */
  readonly kind: string;
  readonly displayName: string;
  readonly description: string;
  /** Names of the environment variables that it may read. */
  readonly environment: readonly string[];
  /** Those of `environment` that are credentials, which administrators may set in the program; left out: none. */
  readonly secrets?: readonly string[];
  /** Such as `LEDGER_`: variables that begin so may be read, too, so that each source can name one for its own secret. */
  readonly environmentPrefix?: string;
  /** True when `extract` heeds `since`; only then may a table have a watermark column. */
  readonly incremental?: boolean;
  readonly sourceConfig: ZodType<SourceConfig>;
  readonly tableOptions: ZodType<TableOptions>;
  /** Resolves when the source can be reached with this configuration. */
  check(context: ConnectorContext<SourceConfig>): Promise<void>;
  /** The tables that the source offers now. */
  discover(context: ConnectorContext<SourceConfig>): Promise<DiscoveredTable[]>;
  /** Writes one table's rows into `sink`; what was written counts only when this resolves. */
  extract(
    context: ConnectorContext<SourceConfig>,
    table: ExtractTable<TableOptions>,
    sink: TableSink,
  ): Promise<ExtractResult | void>;
  /**
   * Writes what is known of a table's columns to the source, where it says something else; resolves to the names of the columns
   * that were written. Left out: the source takes none.
   */
  describeColumns?(
    context: ConnectorContext<SourceConfig>,
    table: { options: TableOptions },
    columns: readonly DescribedColumn[],
  ): Promise<readonly string[]>;
  /** Left out: the source runs no statements, and its tables are always copied. */
  readonly statements?: SourceStatements<SourceConfig, TableOptions>;
  /** Reads one request of a webhook, after it has checked who sent it; answers at once and asks nobody. Throws a `WebhookRefusal`. */
  webhook?: { receive(context: ConnectorContext<SourceConfig>, request: WebhookRequest): Promise<WebhookDelivery> };
  /**
   * Brings what the connector keeps in `context.folder` up to date, once in a run, before its tables are extracted from there.
   * A run may be cut off at any moment: the events then come again.
   */
  gather?(context: ConnectorContext<SourceConfig>, request: GatherRequest): Promise<Gathered>;
  /** The tasks that a source of this configuration has. */
  tasks?(config: SourceConfig): readonly SourceTask[];
}
