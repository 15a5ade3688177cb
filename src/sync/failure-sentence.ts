import { Failure } from '../kernel/errors.ts';

/** What may be told: our failures and a connector's own sentences; anything else stays in the log. */
export function failureSentence(error: unknown, from?: 'connector'): string {
  if (error instanceof Failure) return error.message;
  if (from === 'connector' && error instanceof Error) return error.message;
  return 'The run stopped at a fault of the server; its log says more.';
}
