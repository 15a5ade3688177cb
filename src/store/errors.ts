/** A row with the same key is there already. A second statement cannot follow: the transaction is lost. */
export class UniqueViolationError extends Error {
  readonly code = 'UNIQUE_VIOLATION';
  /** Columns of the violated key; empty when the database does not tell (DuckDB: both rows are of one transaction). */
  readonly columns: readonly string[];

  constructor(columns: readonly string[], cause: unknown) {
    super(`A row with the same ${columns.join(' and ') || 'key'} is there already.`, { cause });
    this.name = 'UniqueViolationError';
    this.columns = columns;
  }
}

/** A statement of the transaction failed and its error was swallowed: both databases would roll back in silence. */
export class TransactionAbortedError extends Error {
  readonly code = 'TRANSACTION_ABORTED';

  constructor(cause?: unknown) {
    super('A statement of this transaction failed, so nothing of it was stored.', { cause });
    this.name = 'TransactionAbortedError';
  }
}

/** A statement that changes something was sent to `Store.db`, which only reads. */
export class ReadOnlyError extends Error {
  readonly code = 'READ_ONLY';

  constructor(cause?: unknown) {
    super('The state is changed in `Store.write` only.', { cause });
    this.name = 'ReadOnlyError';
  }
}

/** The store was closed before this read or write began. */
export class StoreClosedError extends Error {
  readonly code = 'STORE_CLOSED';

  constructor() {
    super('The state database is closed.');
    this.name = 'StoreClosedError';
  }
}

/** The state database failed for good: this process can read and write nothing any more and must end. */
export class StoreFailedError extends Error {
  readonly code = 'STORE_FAILED';

  constructor(reason: string, cause: unknown) {
    super(`The state database failed and this process cannot go on with it; start it again. (${reason})`, { cause });
    this.name = 'StoreFailedError';
  }
}

/** The first line of what a database said. */
export function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's error of a connection refused on every address of a host has a code, but no message.
  const message = error.message || ('code' in error ? String(error.code) : error.name);
  return message.split('\n', 1)[0] ?? '';
}
