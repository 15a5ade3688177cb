import { ConfigurationError } from '../kernel/config.ts';
import { StoreFailedError } from '../store/errors.ts';
import { StoreOpenError } from '../store/open-errors.ts';
import { ListenError } from './listen.ts';

/** Ends a program that could not start or cannot go on: a sentence for what the operator can mend, the stack for anything else. */
export function exitWith(error: unknown): never {
  const expected = [ConfigurationError, ListenError, StoreOpenError, StoreFailedError].some(
    (type) => error instanceof type,
  );
  const { message, stack } = error as Error;
  process.stderr.write(`${expected ? message : stack}\n`);
  process.exit(1);
}
