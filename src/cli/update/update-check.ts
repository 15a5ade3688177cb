import { shellWord } from '../../kernel/shell-word.ts';
import { readEnvironment } from '../environment.ts';
import { printNotice } from '../output/streams.ts';
import { version } from '../version.ts';
import { askLatest } from './ask-latest.ts';
import { isOlder } from './is-older.ts';

/** What a command says about its output. */
interface Wishes {
  readonly json?: unknown;
  readonly quiet?: unknown;
}

let wanted = false;
let check: { readonly cut: AbortController; notice: string | null } | null = null;

/** Lets the command that begins now tell of a newer version: only a person at a terminal, and never a script. */
export function allowUpdateCheck({ json, quiet }: Wishes): void {
  const { token, updatesUnwanted } = readEnvironment();
  const atTerminal = process.stdout.isTTY && process.stderr.isTTY;
  wanted = atTerminal && !json && !quiet && token === undefined && !updatesUnwanted;
}

/** Asks the server beside the command's own work whether it has a newer `da`, where that is wanted and due. */
export function beginUpdateCheck(server: string): void {
  if (!wanted || check) return;
  const begun = { cut: new AbortController(), notice: null as string | null };
  check = begun;
  void ask(server, begun.cut.signal).then((notice) => (begun.notice = notice));
}

/** Tells what is known by now, and cuts off a question that is still open: no command waits for it. */
export function endUpdateCheck(): void {
  check?.cut.abort();
  if (check?.notice) printNotice(check.notice);
  check = null;
}

async function ask(server: string, signal: AbortSignal): Promise<string | null> {
  const latest = await askLatest(server, { folder: readEnvironment().configFolder, signal });
  if (latest === null || !isOlder(version, latest)) return null;
  return `da ${version} is older than the server’s ${latest}: npm install --global ${shellWord(`${server}/cli/da.tgz`)}`;
}
