import { CommanderError } from '@commander-js/extra-typings';
import { CommandFailure, exitCodes, type ExitCode } from './failure.ts';
import { printNotice } from './output/streams.ts';

/** Tells on stderr why a command ended; answers with the exit code. */
export function reportFailure(error: unknown): ExitCode {
  if (error instanceof CommandFailure) {
    printNotice(error.message);
    return error.exitCode;
  }
  if (error instanceof CommanderError) return reportUsage(error);
  const { stack, message } = error as Error;
  printNotice(`da stopped at a fault of its own: ${stack ?? message}`);
  return exitCodes.failed;
}

function reportUsage(error: CommanderError): ExitCode {
  if (error.exitCode === 0) return exitCodes.done;
  // A noun without its verb: commander has printed the help of the noun.
  if (error.code !== 'commander.help') printNotice(sentence(error.message));
  return exitCodes.wrongUsage;
}

/** `error: unknown option '--limt'\n(Did you mean --limit?)` as a sentence. */
function sentence(message: string): string {
  const [fault = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const told = `${fault.charAt(0).toUpperCase()}${fault.slice(1).replace(/\.$/, '')}`;
  if (suggestion) return `${told}; ${suggestion.replace(/^\(D(.*)\)$/, 'd$1')}`;
  return `${told}.`;
}
