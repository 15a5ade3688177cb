import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { commands } from '../../src/cli/commands/index.generated.ts';
import { createProgram } from '../../src/cli/program.ts';
import { da, program } from './run-da.ts';

const names = commands.map(({ name }) => name);

describe('help', () => {
  test.each(commands.map((command) => [command.name, command] as const))('da %s --help', (name, command) => {
    const stdout = helpOf(name);
    expect(stdout).toContain(`Usage: da ${name}`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(command.description);
    for (const example of command.examples) expect(stdout).toContain(`\n  ${example}\n`);
    expect(stdout).toContain('--server <url>');
  });

  test('is what the program prints', async () => {
    expect(await da(['query', '--help'])).toEqual({ code: 0, stdout: helpOf('query'), stderr: '' });
  });

  /** In this process, which takes a hundredth of the time that starting the program does. */
  function helpOf(name: string): string {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      expect(() => createProgram(commands).parse([...name.split(' '), '--help'], { from: 'user' })).toThrow(
        '(outputHelp)',
      );
      return written.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      written.mockRestore();
    }
  }

  test('every command has an example that begins as it is called', () => {
    for (const { name, examples } of commands)
      expect(
        examples.some((line) => line.includes(`da ${name}`)),
        name,
      ).toBe(true);
  });

  test('da alone shows the same as da --help, which names every noun', async () => {
    const { code, stdout, stderr } = await da([]);
    expect([code, stderr]).toEqual([0, '']);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name.split(' ')[0]}\\b`, 'm'));
    expect((await da(['--help'])).stdout).toBe(stdout);
  });

  test('a noun without a verb is wrong usage; its verbs stand on stderr', async () => {
    const { code, stdout, stderr } = await da(['auth']);
    expect([code, stdout]).toEqual([2, '']);
    for (const verb of ['import-token', 'sign-out', 'whoami']) expect(stderr).toContain(verb);
  });

  test('--version is the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await da(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('wrong usage ends with 2 and one sentence that names the nearest', () => {
  test.each([
    [['qury'], "Unknown command 'qury'; did you mean query?"],
    [['auth', 'whoam'], "Unknown command 'whoam'; did you mean whoami?"],
    [['query', '--limt', '3'], "Unknown option '--limt'; did you mean --limit?"],
    [['auth', 'import-token', '--token', 'secret'], "Unknown option '--token'."],
    [['sync', 'start'], "Missing required argument 'source'."],
    [['auth', 'whoami', 'me'], "Too many arguments for 'whoami'. Expected 0 arguments but got 1."],
    [
      ['query', '--format', 'xml'],
      "Option '--format <format>' argument 'xml' is invalid. Allowed choices are table, json, ndjson, csv, markdown, parquet.",
    ],
  ])('da %j', async (words, sentence) => {
    expect(await da(words)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s that asks da', async (shell) => {
    const { code, stdout, stderr } = await da(['completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/da complete '?--/);
  });

  test('offers every command', async () => {
    const wordsBehind = new Map<string, Set<string>>();
    for (const name of names) {
      const words = name.split(' ');
      for (const [depth, word] of words.entries()) {
        const path = words.slice(0, depth).join(' ');
        wordsBehind.set(path, (wordsBehind.get(path) ?? new Set()).add(word));
      }
    }
    for (const [path, words] of wordsBehind) {
      expect(await offered([...path.split(' ').filter(Boolean), '']), path).toEqual(expect.arrayContaining([...words]));
    }
  });

  test('offers options, and the choices of those that have some', async () => {
    expect(await offered(['query', '--f'])).toEqual(['--file', '--format']);
    expect(await offered(['query', '--format', ''])).toEqual(['table', 'json', 'ndjson', 'csv', 'markdown', 'parquet']);
    expect(await offered(['completion', ''])).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish', 'powershell']));
  });

  async function offered(words: readonly string[]): Promise<string[]> {
    const { stdout } = await da(['complete', '--', ...words]);
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith(':'));
    return lines.map((line) => line.split('\t')[0]!);
  }
});

test('starting loads no package but commander: neither DuckDB nor the client of WebSockets', () => {
  const packages = new Set<string>();
  const files = [program];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/^import .*?["']([^"']+)["'];?$/gm)) {
      const path = join(dirname(file), name);
      if (name.startsWith('.') && !files.includes(path)) files.push(path);
      if (!/^(node:|\.)/.test(name)) packages.add(name);
    }
    for (const [, name = ''] of text.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)) packages.add(name);
  }
  expect([...packages]).toEqual(['commander']);
});
