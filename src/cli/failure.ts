/** What `da` ends with. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  notSignedIn: 3,
  notAllowed: 4,
  partlyDone: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with `exitCode`; the message is what the person reads on stderr. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The request was understood and could not be fulfilled. */
export function failed(message: string): CommandFailure {
  return new CommandFailure(exitCodes.failed, message);
}

/** The command line, or what it points to, does not say what is needed. */
export function wrongUsage(message: string): CommandFailure {
  return new CommandFailure(exitCodes.wrongUsage, message);
}
