import { Failure } from '../kernel/errors.ts';
import {
  diskFull,
  filesUnreadable,
  outOfMemory,
  RemoteUnavailableError,
  remoteUnavailable,
  StatementFailedError,
  tooDeep,
  type SentFailure,
} from './statement-errors.ts';
import type { ReadableTable } from './statement-protocol.ts';

/** What the message of a failure may speak of: the caller's own statement and nothing of the server. */
export interface MessageContext {
  statement: string;
  tables: readonly ReadableTable[];
  /** The `sqlName`s of tables that the statement reads in other systems. */
  remotes?: readonly string[];
}

/** Kinds of DuckDB errors that speak of the statement and its data; all others speak of the machine. */
const speakingKinds =
  /^(Parser|Binder|Catalog|Conversion|Out of Range|Invalid Input|Invalid type|Mismatch Type|Not implemented|Divide by Zero|Expression|Syntax) Error: /;

/** Words of DuckDB's inside, told to a caller only when the statement holds them already. */
const insideWords =
  /\b(read_parquet|parquet_scan|allowed_paths|allowed_directories|enable_external_access|lock_configuration|memory_limit|temp_directory|SET|PRAGMA|memory\.|system\.|pg_catalog|information_schema|agnes remote|duckdb_\w+)/g;

/** What DuckDB and Node say when a file cannot grow. */
const diskFullWords = /ENOSPC|EDQUOT|EFBIG|No space left|quota exceeded|File too large/i;

/** Something like a path: two names joined and begun by a slash. */
const pathLike = /\/[\w.-]+\/[^\s'"]*/g;

/** Any error of gate, engine or driver as what may be sent: `message` for the caller, the rest in `detail`. */
export function describeError(error: unknown, context: MessageContext): SentFailure {
  const failure = error instanceof Failure ? error : describeDuckDBError(error, context);
  const sent = { code: failure.code as SentFailure['code'], message: failure.message, detail: failure.detail };
  return failure instanceof RemoteUnavailableError ? { ...sent, sqlNames: failure.sqlNames } : sent;
}

function describeDuckDBError(error: unknown, context: MessageContext): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  const firstLine = detail.split('\n')[0] ?? '';
  if (detail.startsWith('Out of Memory Error')) return outOfMemory(detail);
  if (/expression depth/.test(firstLine)) return tooDeep(detail);
  if (!speakingKinds.test(firstLine) && diskFullWords.test(firstLine)) return diskFull(detail);
  const table = tableOfPathIn(detail, context);
  if (table) return filesUnreadable(table.sqlName, detail);
  if (!speakingKinds.test(firstLine) && context.remotes?.length) return remoteUnavailable(context.remotes, detail);
  if (!speakingKinds.test(firstLine) || tellsTooMuch(firstLine, context)) return somethingInside(detail);
  return new StatementFailedError(firstLine);
}

/** The table one of whose files the message names, unless the statement spelled that path itself. */
function tableOfPathIn(message: string, { statement, tables }: MessageContext): ReadableTable | undefined {
  return tables.find((table) => table.files.some((path) => message.includes(path) && !statement.includes(path)));
}

function tellsTooMuch(message: string, { statement, tables }: MessageContext): boolean {
  if (tables.some(({ remote }) => remote && message.includes(remote.url) && !statement.includes(remote.url)))
    return true;
  // A value that could not be converted comes from the caller's tables, and may well be a path of theirs.
  const patterns = message.startsWith('Conversion') ? [insideWords] : [insideWords, pathLike];
  return patterns.some((pattern) => [...message.matchAll(pattern)].some(([word]) => !statement.includes(word)));
}

function somethingInside(detail: string): StatementFailedError {
  return new StatementFailedError(
    'The statement failed inside the engine; an administrator finds the reason in the log.',
    detail,
  );
}
