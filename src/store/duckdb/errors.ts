import { firstLine, StoreFailedError, TransactionAbortedError, UniqueViolationError } from '../errors.ts';

// DuckDB's errors carry text only; whatever is told apart by text is told apart here.
const uniqueViolation = /^(?:TransactionContext Error: Failed to commit: |Constraint Error: ).*?duplicate key "/i;
const namedColumns = /^Constraint Error: Duplicate key "([^]*)" violates /;
const aborted = /^TransactionContext Error: Current transaction is aborted/;
const fatal = /^FATAL|database has been invalidated/;
const lockHeld = /^IO Error: Could not set lock on file[^]*?(?:PID (\d+))?\)/;

/** The same classes as on PostgreSQL; what is none of them comes back as it is. */
export function translateDuckDbError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  if (fatal.test(message)) return new StoreFailedError(firstLine(error), error);
  if (aborted.test(message)) return new TransactionAbortedError(error);
  if (!uniqueViolation.test(message)) return error;
  const [, key = ''] = namedColumns.exec(message) ?? [];
  // A value may look like a further column; the first name is always right.
  const columns = [...key.matchAll(/(?:^|, )([a-z_][a-z0-9_]*): /g)].map(([, column]) => column ?? '');
  return new UniqueViolationError(columns, error);
}

/** Whether another process holds DuckDB's own lock, and which. */
export function readLockConflict(error: unknown): { pid: number | undefined } | undefined {
  const match = lockHeld.exec(error instanceof Error ? error.message : '');
  return match ? { pid: match[1] ? Number(match[1]) : undefined } : undefined;
}
