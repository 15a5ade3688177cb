import { Failure } from '../kernel/errors.ts';

/** A source refused or failed a statement, or what it answered passed a limit; the sentence begins with the remote's name. */
export class RemoteFailedError extends Failure {
  readonly code = 'REMOTE_FAILED';

  constructor(name: string, sentence: string) {
    super(`${name}: ${sentence}`);
  }
}
