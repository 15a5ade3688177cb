import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.generated.ts';
import { createProgram } from '../../src/cli/program.ts';
import { startTestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

test('without a terminal no command waits for somebody: each that could ask ends with 2 or 3 and a sentence', async () => {
  const asking = commands.filter(({ name }) => readsStdin(fileOf(name)));
  expect(asking.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['admin user delete', 'auth import-token', 'query', 'setup']),
  );
  const server = await startTestServer();
  try {
    // Somebody administers it, so that none of them is about the first administrator.
    await server.person('admin', ['core.admin']);
    const ends = await Promise.all(
      asking.map(async ({ name }) => {
        const { code, stdout, stderr } = await da([...name.split(' '), ...argumentsOf(name)], {
          env: { DA_SERVER: server.url },
        });
        return { name, code, stdout, stderr };
      }),
    );
    const wrong = ends.filter(
      ({ code, stdout, stderr }) => ![2, 3].includes(code!) || stdout !== '' || !/^[A-Z][^]*\.\n$/.test(stderr),
    );
    expect(wrong).toEqual([]);
  } finally {
    await server.close();
  }
});

function fileOf(name: string): string {
  const folder = 'src/cli/commands';
  const file = readdirSync(folder).find((entry) =>
    readFileSync(join(folder, entry), 'utf8').includes(`name = '${name}'`),
  );
  return join(folder, file!);
}

/** Whether the file, or one that it imports, now or later, reads stdin. */
function readsStdin(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (text.includes('process.stdin')) return true;
  const imported = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );
  return imported.some((path) => readsStdin(path, seen));
}

/** A word for each argument and each option that has to be given. */
function argumentsOf(name: string): string[] {
  let command = createProgram(commands) as unknown as Declared;
  for (const word of name.split(' ')) command = command.commands.find((candidate) => candidate.name() === word)!;
  const given = command.registeredArguments.filter(({ required }) => required).map(() => 'x');
  const options = command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long, '{}']);
  return [...given, ...options];
}

interface Declared {
  readonly commands: readonly Declared[];
  readonly registeredArguments: readonly { required: boolean }[];
  readonly options: readonly { mandatory: boolean; long: string }[];
  name(): string;
}
