import pg from 'pg';
import { ReadOnlyError, TransactionAbortedError, UniqueViolationError } from '../errors.ts';

const uniqueViolation = '23505';
const readOnlyTransaction = '25006';
const abortedTransaction = '25P02';

/** The same classes as on DuckDB; what is none of them comes back as it is. */
export function translatePostgresError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === readOnlyTransaction) return new ReadOnlyError(error);
  if (error.code === abortedTransaction) return new TransactionAbortedError(error);
  if (error.code !== uniqueViolation) return error;
  const [, columns = ''] = /^Key \(([^)]*)\)=/.exec(error.detail ?? '') ?? [];
  return new UniqueViolationError(columns.split(', ').filter(Boolean), error);
}
