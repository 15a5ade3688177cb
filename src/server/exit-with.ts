import { ConfigurationError } from '../kernel/config.ts';
import { RoleDefinitionError } from '../access/collect-roles.ts';
import { SigningKeysError } from '../identity/signing-keys.ts';
import { StoreFailedError } from '../store/errors.ts';
import { StoreOpenError } from '../store/open-errors.ts';
import { ListenError } from './listen.ts';

const expectedErrors = [
  ConfigurationError,
  ListenError,
  RoleDefinitionError,
  SigningKeysError,
  StoreFailedError,
  StoreOpenError,
];

/** Ends a program that cannot start or go on: a sentence for what somebody can mend, the stack for anything else. */
export function exitWith(error: unknown): never {
  const expected = expectedErrors.some((type) => error instanceof type);
  const { message, stack } = error as Error;
  process.stderr.write(`${expected ? message : stack}\n`);
  process.exit(1);
}
