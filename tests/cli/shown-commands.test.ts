import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.generated.ts';
import { createProgram } from '../../src/cli/program.ts';
import { guideText } from '../../src/cli/workspace/guide-text.ts';
import { installScript } from '../../src/server/install-script.ts';
import { agentSetupText } from '../../src/sharing/agent-setup-text.ts';

const server = 'https://agnes.example.com';
const agent = { server, email: 'ada@example.com', secret: 'agnes_pat_x', endsAt: new Date(0) };

test('whatever shows how da is used shows what it takes: documents, help, guide, installer and the text for agents', () => {
  const pages = markdownFiles().map((file): [string, string] => [file, readFileSync(file, 'utf8')]);
  pages.push(
    ['the guide', guideText({ server, tables: [], metrics: [] })],
    ['the agent’s text', agentSetupText(agent)],
  );
  const lines = pages.flatMap(([name, text]) => linesOf(text).map((line): [string, string] => [name, line]));
  const examples = commands.flatMap(({ name, examples: shown }) =>
    shown.map((line): [string, string] => [`da ${name} --help`, line]),
  );
  const script = installScript({ server, node: '20.19' }).replaceAll("'", '').split('\n');
  const all = [...lines, ...examples, ...script.map((line): [string, string] => ['the installer', line])];
  const calls = all.flatMap(([name, line]) => callsIn(line).map((words): [string, string[]] => [name, words]));
  expect(calls.length).toBeGreaterThan(150);
  expect(
    calls.flatMap(([name, words]) => faultsOf(words).map((fault) => `${name}: da ${words.join(' ')}: ${fault}`)),
  ).toEqual([]);
});

test('whatever names a command in a sentence names one that is there', () => {
  const sources = ['src', 'web', 'schema', 'connectors'].flatMap((folder) =>
    filesBelow(folder).filter((file) => /\.tsx?$/.test(file) && !/generated|\.test\./.test(file)),
  );
  const sentences = [...sources, ...markdownFiles().filter((file) => !file.includes('from-the-predecessor'))];
  const named = sentences.flatMap((file) =>
    namesIn(readFileSync(file, 'utf8')).map((words): [string, string] => [file, words]),
  );
  named.push(
    ...namesIn(guideText({ server, tables: [], metrics: [] })).map((words): [string, string] => ['the guide', words]),
  );
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter(([, words]) => !isKnown(words))).toEqual([]);
});

test('both tell what is not there', () => {
  expect(faultsOf(['tables', 'lst'])).not.toEqual([]);
  expect(faultsOf(['query', 'SELECT 1', '--limt', '3'])).not.toEqual([]);
  expect(faultsOf(['admin', 'user', 'delete'])).not.toEqual([]);
  expect(faultsOf(['query', 'SELECT 1', '--limit', '3'])).toEqual([]);
  expect(isKnown('tables lst')).toBe(false);
  expect(isKnown('sync --dry')).toBe(false);
  expect(isKnown('catalog')).toBe(false);
});

function markdownFiles(): string[] {
  const folders = ['docs', 'connectors'].flatMap(filesBelow);
  return [...readdirSync('.'), ...folders].filter((file) => file.endsWith('.md'));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
}

/** The lines of the blocks of commands in a page, and of the workflows. */
function linesOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|yaml)\n([^]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/^ *run: /, ''));
}

/** The words behind each `da` that a line of a shell calls. */
function callsIn(line: string): string[][] {
  const calls: string[][] = [];
  let words: string[] = [];
  const end = () => {
    const call = words[0] === 'npx' ? words.slice(1) : words;
    if (call[0] === 'da') calls.push(call.slice(1));
    words = [];
  };
  for (const [token] of line.matchAll(
    /(?:"[^"]*"|'[^']*'|\$\([^)]*\)|\\.|[^\s"'\\;|&<>()#]|#(?<=\S#))+|<<?\(?|>+|#.*|[;|&()]+/g,
  )) {
    if (token.startsWith('#')) break;
    if (/^[;|&()]/.test(token) || token === '<(') end();
    else if (/^[<>]/.test(token)) words.push('>');
    else words.push(token.replaceAll(/^["']|["']$/g, ''));
  }
  end();
  return calls.map((call) => call.filter((word, index) => word !== '>' && call[index - 1] !== '>'));
}

/** What the program itself says to these words, without doing anything. */
function faultsOf(words: readonly string[]): string[] {
  const program = createProgram(commands);
  const all = [program] as unknown as Acting[];
  for (const command of all) {
    // A noun has no action of its own, and shows its help.
    if (command._actionHandler) command.action(() => {});
    command.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
    all.push(...command.commands);
  }
  try {
    program.parse([...words], { from: 'user' });
    return [];
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return exitCode === 0 ? [] : [message];
  }
}

/** The words behind `da` in code spans, also those within a template, and behind the colon or the `&&` of a hint. */
function namesIn(text: string): string[] {
  const prose = text.replaceAll(/^ *(\/\/|\/?\*).*$/gm, '');
  const spans = /\\`da ([^`\\]*)\\`|(?<!\\)`da ([^`$\\]*)`|(?:: |&& )da ([a-z][a-z-]*(?: [a-z-]+)*)/g;
  return [...prose.matchAll(spans)].map((found) => found.slice(1).find(Boolean)!.replaceAll(/\s+/g, ' '));
}

/** Whether the words lead to a command or a noun, and each option is one of it; arguments may be missing. */
function isKnown(text: string): boolean {
  let command = createProgram(commands) as unknown as Node;
  const words = text.split(/ (?=(?:[^']*'[^']*')*[^']*$)/);
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next) command = next;
    else if (word.startsWith('-')) {
      const known = [...command.options.map(({ long }) => long), '--help', '--server', '--insecure', '--version'];
      if (!known.includes(word.split('=')[0]!)) return false;
    } else if (command.commands.length > 0) return false;
  }
  return true;
}

interface Acting {
  readonly commands: readonly Acting[];
  readonly _actionHandler: unknown;
  action(does: () => void): void;
  configureOutput(output: object): void;
}

interface Node {
  readonly commands: readonly Node[];
  readonly options: readonly { long?: string }[];
  name(): string;
}
