import { Command as Commander } from '@commander-js/extra-typings';
import type { BareCommand, Command } from './command.ts';
import { version } from './version.ts';

const environmentHelp = `
Environment:
  DA_SERVER             the server, instead of the stored one
  DA_TOKEN              the token, instead of the stored one
  DA_NO_UPDATE_CHECK    1: never ask the server whether it has a newer da

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not signed in, 4 not allowed, 5 partly done.
`;

/** The whole command tree; it throws commander's errors instead of ending the process, and prints none of them. */
export function createProgram(commands: readonly Command[]): BareCommand {
  const program = new Commander('da')
    .description('The command line of Agnes: tables, statements, syncs and access of one server.')
    .version(version, '-V, --version', 'print the version')
    .option('--server <url>', 'the server to ask (default: the stored one, else http://127.0.0.1:8000)')
    .option('--insecure', 'send the token even over plain http to another machine')
    .helpOption('-h, --help', 'show what a command does')
    .helpCommand('help [command]', 'show what a command does')
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', environmentHelp);
  for (const command of commands) addCommand(program, command, commands);
  return program;
}

function addCommand(program: BareCommand, command: Command, all: readonly Command[]): void {
  const words = command.name.split(' ');
  const nouns = words.slice(0, -1).map((_noun, depth) => words.slice(0, depth + 1).join(' '));
  const parent = nouns.reduce((above, path) => nounOf(above, { path, all }), program);
  const leaf = nounOf(parent, { path: command.name, all });
  leaf.description(command.description);
  leaf.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}\n`).join('')}`);
  command.declare(leaf);
}

/** The word with this path, such as `admin role`, under the one above it; the help of a noun names the next words. */
function nounOf(above: BareCommand, given: { path: string; all: readonly Command[] }): BareCommand {
  const { path, all } = given;
  const noun = path.split(' ').at(-1)!;
  const known = above.commands.find((candidate) => candidate.name() === noun);
  if (known) return known as unknown as BareCommand;
  const under = all.filter(({ name }) => name.startsWith(`${path} `)).map(({ name }) => name.slice(path.length + 1));
  const next = new Set(under.map((words) => words.split(' ')[0]));
  return above.command(noun).description([...next].join(', '));
}
