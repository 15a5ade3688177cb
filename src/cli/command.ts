import type { Command as Commander } from '@commander-js/extra-typings';

/** Options that every command understands. A type and not an interface, because commander asks for an index signature. */
export type GlobalOptions = {
  server?: string;
  insecure?: true;
};

/** A command before its own arguments and options are declared. */
export type BareCommand = Commander<[], GlobalOptions>;

/** One command of `da`: what each file in `commands/` exports. */
export interface Command {
  /** What is typed after `da`: `<noun> <verb>`, with a noun of two words such as `admin user`, or one word. */
  readonly name: string;
  /** One sentence for the help. */
  readonly description: string;
  /** Command lines that work as they stand. */
  readonly examples: readonly string[];
  /** Declares arguments, options and the action; the action imports its body only when it runs. */
  readonly declare: (command: BareCommand) => void;
}
