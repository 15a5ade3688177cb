import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

/** Written by hand from docs/architecture.md, apart from the table that the checker is made of. */
const low = ['kernel', 'store', 'engine'];
const domains =
  'audit operation people access identity registry sharing sync query catalog distribution knowledge notify upgrade'.split(
    ' ',
  );
const mayImport: Record<string, readonly string[]> = {
  kernel: [],
  store: ['kernel'],
  engine: ['kernel'],
  ...Object.fromEntries(domains.map((domain, place) => [domain, [...low, ...domains.slice(0, place)]])),
  jobs: ['kernel', ...domains],
  mcp: ['kernel'],
  server: [...low, ...domains, 'jobs', 'mcp', 'schema', 'connectors'],
  demo: [...low, ...domains, 'jobs', 'mcp', 'schema', 'connectors', 'server'],
  cli: ['kernel', 'engine', 'mcp'],
  build: [...low, ...domains, 'jobs', 'mcp', 'schema', 'connectors'],
  schema: ['kernel', ...domains],
  connectors: [],
  web: [],
};
const rooms = Object.keys(mayImport);

/** A file with one line that breaks a law, or that keeps it and looks as if it did not. */
interface Planted {
  readonly path: string;
  readonly line: string;
  readonly broken: string | null;
}

const restricted = 'eslint(no-restricted-imports)';
const planted: readonly Planted[] = [
  ...rooms.flatMap((from) => rooms.filter((to) => to !== from).map((to) => crossing(from, to))),
  at('src/people/type-only.ts', `import type { A } from '../sync/inside.ts'; export type B = A;`, restricted),
  at('src/people/handed-on.ts', `export { a } from '../sync/inside.ts';`, restricted),
  at('src/people/lazy.ts', `export const lazy = () => import('../sync/inside.ts');`, restricted),
  at('src/people/type-argument.ts', `export type B = import('./inside.ts').A;`, 'typescript(consistent-type-imports)'),
  at('src/people/deep/deeper.ts', `export { a } from '../../sync/inside.ts';`, restricted),
  at('src/cli/commands/own-folder.ts', `import { a } from '../sync/inside.ts'; export const b = a;`, null),
  at('src/cli/commands/room.ts', `import { a } from '../../sync/inside.ts'; export const b = a;`, restricted),
  at(
    'src/people/deep/store.ts',
    `import { a } from '../../audit/audit-event.store.ts'; export const b = a;`,
    restricted,
  ),
  at('src/people/own-store.ts', `import { a } from './user.store.ts'; export const b = a;`, null),
  at('src/access/foreign-store.ts', `import { a } from '../people/user.store.ts'; export const b = a;`, restricted),
  at(
    'schema/people/foreign-store.ts',
    `import { a } from '../../src/people/user.store.ts'; export const b = a;`,
    restricted,
  ),
  at('src/server/foreign-store.ts', `import { a } from '../people/user.store.ts'; export const b = a;`, restricted),
  at('src/people/graphql.ts', `import { parse } from 'graphql'; export const b = parse;`, restricted),
  at('src/people/pothos.ts', `import B from '@pothos/core'; export const b = B;`, restricted),
  at('src/people/driver.ts', `import pg from 'pg'; export const b = pg;`, restricted),
  at('schema/people/driver.ts', `import { sql } from 'kysely'; export const b = sql;`, restricted),
  at('src/engine/state-driver.ts', `import { sql } from 'kysely'; export const b = sql;`, restricted),
  at('src/registry/contract.ts', `import type { A } from '../../connectors/contract.ts'; export type B = A;`, null),
  at('connectors/planted/own.ts', `import { a } from './inside.ts'; export const b = a;`, null),
  at('connectors/planted/contract.ts', `import type { A } from '../contract.ts'; export type B = A;`, null),
  at('connectors/planted/other.ts', `import { a } from '../files/connector.ts'; export const b = a;`, restricted),
  at('connectors/contract.ts', `export type { A } from './planted/inside.ts';`, restricted),
  at('web/own.ts', `import { a } from './frame/inside.ts'; export const b = a;`, null),
  at('web/types.ts', `import type { A } from '../schema/graphql-env.d.ts'; export type B = A;`, null),
  at('web/node.ts', `import { join } from 'node:path'; export const b = join;`, restricted),
  at('src/cli/types.ts', `import type { A } from '../../schema/graphql-env.d.ts'; export type B = A;`, null),
  at('src/mcp/types.ts', `import type { A } from '../../schema/graphql-env.d.ts'; export type B = A;`, null),
  at('src/mcp/tools/room.ts', `import { a } from '../../people/inside.ts'; export const b = a;`, restricted),
  at('src/kernel/environment.ts', `export const b = process.env['HOME'];`, 'node(no-process-env)'),
  at('src/server/taken.ts', `const { env } = process; export const b = env;`, 'eslint(no-restricted-properties)'),
  at('src/kernel/config.ts', `export const b = process.env['HOME'];`, null),
  at('src/people/all.ts', `export * from './inside.ts';`, 'oxc(no-barrel-file)'),
  at('src/people/named-all.ts', `export * as all from './inside.ts';`, 'oxc(no-barrel-file)'),
  at(
    'src/people/circle-one.ts',
    `import { two } from './circle-two.ts'; export const one = () => two;`,
    'import(no-cycle)',
  ),
  at(
    'src/people/circle-two.ts',
    `import { one } from './circle-one.ts'; export const two = () => one;`,
    'import(no-cycle)',
  ),
  at(
    'src/people/circle-types.ts',
    `import type { Y } from './circle-y.ts'; export type X = Y | 1;`,
    'import(no-cycle)',
  ),
  at(
    'src/people/circle-y.ts',
    `import type { X } from './circle-types.ts'; export type Y = X | 2;`,
    'import(no-cycle)',
  ),
];

describe('the checker of the architecture', () => {
  test('knows every room there is', () => {
    const there = readdirSync(join(packageRoot, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms).toEqual(expect.arrayContaining(there.map((entry) => entry.name)));
  });

  test('finds every planted violation, and nothing where there is none', () => {
    const found = lint(plant(scratchFolder()));
    const verdicts = planted.map(({ path, line, broken }) => {
      const codes = new Set(found.get(path));
      return { path, line, codes: broken === null ? [...codes] : [...codes].filter((code) => code === broken) };
    });
    const expected = planted.map(({ path, line, broken }) => ({ path, line, codes: broken === null ? [] : [broken] }));
    expect(verdicts).toEqual(expected);
    expect(planted.filter(({ broken }) => broken !== null).length).toBeGreaterThan(150);
  });
});

function at(path: string, line: string, broken: string | null): Planted {
  return { path, line, broken };
}

function crossing(from: string, to: string): Planted {
  const path = `${folderOf(from)}/to-${to}.ts`;
  const target = to === 'connectors' && domains.includes(from) ? 'connectors/planted' : folderOf(to);
  const specifier = relative(dirname(path), `${target}/inside.ts`);
  const line = `import { a } from '${specifier}'; export const b = a;`;
  return at(path, line, mayImport[from]!.includes(to) ? null : restricted);
}

function folderOf(room: string): string {
  if (room === 'connectors') return 'connectors/planted';
  if (room === 'schema') return 'schema/people';
  return room === 'web' ? 'web' : `src/${room}`;
}

/** Writes the planted files, and what they import, into a folder with the rules of the repository. */
function plant(folder: string): string {
  for (const file of ['.oxlintrc.json', '.oxlint-floors.json', 'tsconfig.json']) {
    cpSync(join(packageRoot, file), join(folder, file));
  }
  const imported = rooms.map((room) => `${folderOf(room)}/inside.ts`);
  const more = [
    'web/frame/inside.ts',
    'src/people/user.store.ts',
    'connectors/files/connector.ts',
    'schema/graphql-env.d.ts',
  ];
  for (const path of [...imported, ...more]) put(join(folder, path), 'export const a = 1;\nexport type A = number;\n');
  for (const { path, line } of planted) put(join(folder, path), `${line}\n`);
  return folder;
}

function put(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** The codes of the broken rules by file. */
function lint(folder: string): Map<string, string[]> {
  const program = join(packageRoot, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [program, '--format', 'json', '.'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
  const codes = new Map<string, string[]>();
  for (const { filename, code } of diagnostics) codes.set(filename, [...(codes.get(filename) ?? []), code]);
  return codes;
}
