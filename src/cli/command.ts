/** Replaced by the CLI. */
export interface Command {
  readonly name: string;
}
