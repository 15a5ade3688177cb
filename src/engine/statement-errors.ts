import { Failure } from '../kernel/errors.ts';

/** The statement is not one readable SELECT: not a SELECT, an unknown table, a function or a form that is not allowed. */
export class StatementRefusedError extends Failure {
  readonly code = 'STATEMENT_REFUSED';
}

/** The statement was allowed and failed while it ran; the message names nothing outside the caller's catalog. */
export class StatementFailedError extends Failure {
  readonly code = 'STATEMENT_FAILED';
}

/** The statement ran longer than it may. */
export class StatementTimeoutError extends Failure {
  readonly code = 'STATEMENT_TIMEOUT';
}

/** The statement needs more memory, or its result more bytes, than one statement may take. */
export class StatementTooLargeError extends Failure {
  readonly code = 'STATEMENT_TOO_LARGE';
}

/** The caller went away, or the pool was closed, before the statement ended. */
export class StatementCancelledError extends Failure {
  readonly code = 'STATEMENT_CANCELLED';
}

/** Too many statements wait already. */
export class StatementsBusyError extends Failure {
  readonly code = 'STATEMENTS_BUSY';
}

/** A table of another system cannot be read there now; `sqlNames` are those tables of the statement. */
export class RemoteUnavailableError extends Failure {
  readonly code = 'REMOTE_UNAVAILABLE';
  readonly sqlNames: readonly string[];

  constructor(message: string, detail?: string, sqlNames: readonly string[] = []) {
    super(message, detail);
    this.sqlNames = sqlNames;
  }
}

const failuresOfChild = {
  STATEMENT_REFUSED: StatementRefusedError,
  STATEMENT_FAILED: StatementFailedError,
  STATEMENT_TOO_LARGE: StatementTooLargeError,
  REMOTE_UNAVAILABLE: RemoteUnavailableError,
};

/** A failure as it crosses from the child process to the parent. */
export interface SentFailure {
  code: keyof typeof failuresOfChild;
  message: string;
  detail?: string;
  /** Only with `REMOTE_UNAVAILABLE`. */
  sqlNames?: readonly string[];
}

/** The failure that a child sent, as the class it was there. */
export function receiveFailure(sent: SentFailure): Failure {
  return new failuresOfChild[sent.code](sent.message, sent.detail, sent.sqlNames);
}

/** The failure of a statement that needs more memory than it may take. */
export function outOfMemory(detail: string): StatementTooLargeError {
  return new StatementTooLargeError(
    'The statement needs more memory than one statement may take; filter or aggregate earlier.',
    detail,
  );
}

/** The failure of a statement that DuckDB gives up on because of its nesting. */
export function tooDeep(detail: string): StatementRefusedError {
  return new StatementRefusedError('The statement is nested too deeply; write it flatter.', detail);
}

/** The failure of a table whose files are missing or damaged. */
export function filesUnreadable(sqlName: string, detail: string): StatementFailedError {
  return new StatementFailedError(
    `The files of the table ${sqlName} cannot be read now; ask an administrator to sync it again.`,
    detail,
  );
}

/** The failure of tables whose system does not answer, or not with them. */
export function remoteUnavailable(sqlNames: readonly string[], detail: string): RemoteUnavailableError {
  const subject = sqlNames.length === 1 ? `The table ${sqlNames[0]}` : `One of the tables ${sqlNames.join(', ')}`;
  return new RemoteUnavailableError(
    `${subject} cannot be read at its source now; try again later, or ask an administrator to sync it.`,
    detail,
    sqlNames,
  );
}

/** The failure of an export for which the disk has no room. */
export function diskFull(detail: string): StatementFailedError {
  return new StatementFailedError(
    'The disk of the server is full, so nothing was exported; ask an administrator to make room.',
    detail,
  );
}

/** The failure of an export that grew beyond what one may take. */
export function exportTooLarge(maxBytes: number): StatementTooLargeError {
  return new StatementTooLargeError(
    `The file of an export has at most ${Math.floor(maxBytes / 2 ** 20)} MiB; export fewer rows or columns.`,
  );
}

/** The failure of a statement whose caller went away or whose pool was closed. */
export function cancelled(): StatementCancelledError {
  return new StatementCancelledError('The statement was cancelled.');
}

/** The failure of a statement that ran out of its time. */
export function timedOut(timeoutSeconds: number): StatementTimeoutError {
  return new StatementTimeoutError(
    `The statement ran longer than ${timeoutSeconds} seconds and was stopped; filter or aggregate earlier.`,
  );
}

/** The failure of a statement that took its process down. */
export function processEnded(detail: string): StatementFailedError {
  return new StatementFailedError('The statement ended the process that ran it; write it in a simpler way.', detail);
}

/** The failure of a statement whose process could not even start. */
export function processNotStarted(detail: string): StatementFailedError {
  return new StatementFailedError('Statements cannot run now; an administrator finds the reason in the log.', detail);
}
