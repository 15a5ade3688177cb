import { CommandFailure, exitCodes } from '../failure.ts';

/** The line broke in the middle of a file; what came is kept. */
export class BrokenOff extends CommandFailure {
  constructor(sqlName: string, detail?: string) {
    super(
      exitCodes.failed,
      `The download of ${sqlName} was broken off${detail ? ` (${detail})` : ''}; run \`da sync\` again.`,
    );
  }
}

/** What is on disk now is not the file that was promised. */
export class WrongContent extends CommandFailure {
  /** Whether some of it lay there before: then another try from the beginning may bring the right one. */
  readonly resumed: boolean;

  constructor(given: { server: string; sqlName: string; resumed: boolean }) {
    super(exitCodes.failed, `${given.server} sent another file of ${given.sqlName} than it promised; try again.`);
    this.resumed = given.resumed;
  }
}
