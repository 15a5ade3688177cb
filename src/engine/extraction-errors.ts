import { Failure } from '../kernel/errors.ts';

/** A row of a source file does not fit; names the file as the source does, its physical line, and why. */
export class BadRowError extends Failure {
  readonly code = 'BAD_ROW';
  readonly file: string;
  readonly line: number;
  readonly reason: string;

  constructor(row: { file: string; line: number; reason: string }, detail?: string) {
    super(`${row.file}, line ${row.line}: ${row.reason}`, detail);
    this.file = row.file;
    this.line = row.line;
    this.reason = row.reason;
  }
}

/** A source file as a whole cannot be read: empty, damaged, or not of the format it claims. */
export class UnreadableFileError extends Failure {
  readonly code = 'UNREADABLE_FILE';
}

/** A source file changed while it was read, so that its rows do not belong together. */
export class FileChangedError extends Failure {
  readonly code = 'FILE_CHANGED';
  /** The next attempt may find the file complete. */
  readonly retryable = true;

  constructor(file: string) {
    super(`${file} changed while it was read; run again when it is complete.`);
  }
}

/** Our own disk refused to store an extract: full, read-only, or not permitted. */
export class StorageError extends Failure {
  readonly code = 'STORAGE_FAILED';
}

/** An extraction needed more memory than it may use. */
export class ExtractionMemoryError extends Failure {
  readonly code = 'EXTRACTION_OUT_OF_MEMORY';

  constructor(detail: string) {
    super('The table needs more memory than an extraction may use; raise the limit or split the file.', detail);
  }
}

/** Something failed that we did not foresee; only the log tells what. */
export class ExtractionError extends Failure {
  readonly code = 'EXTRACTION_FAILED';

  constructor(detail: string) {
    super('The extraction failed; the log tells why.', detail);
  }
}

const storageFaults: readonly [pattern: RegExp, sentence: string][] = [
  [/ENOSPC|EDQUOT|EFBIG|No space left|quota exceeded|File too large|max_temp_directory_size/i, 'The disk is full'],
  [/EROFS|Read-only file system/i, 'The folder of the extracts is read-only'],
  [/EACCES|EPERM|Permission denied/i, 'The folder of the extracts cannot be written'],
];

/** The failure that tells of a full or refusing disk or of too little memory, when `error` is one of these. */
export function resourceFailure(error: unknown): Failure | undefined {
  const text = String(error);
  if (/Out of Memory Error|std::bad_alloc/.test(text)) return new ExtractionMemoryError(text);
  const fault = storageFaults.find(([pattern]) => pattern.test(text));
  return fault && new StorageError(`${fault[1]}; make room or give the right to write, then run again.`, text);
}

/** `error` as a failure that a caller may see: one of ours stays as it is, any other loses its text to `detail`. */
export function asExtractionFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return resourceFailure(error) ?? new ExtractionError(error instanceof Error ? (error.stack ?? '') : String(error));
}
