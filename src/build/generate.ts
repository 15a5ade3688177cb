// `npm run generate`: writes every generated file; `--check` changes nothing and fails when one is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../kernel/package-root.ts';
import { errorsPage } from './errors-page.ts';
import { floorOverrides } from './floors.ts';
import { folderLists } from './folder-lists.ts';

const check = process.argv.includes('--check');
const stale: string[] = [];

function put(path: string, content: string): void {
  const file = join(packageRoot, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  if (check) stale.push(path);
  else writeFileSync(file, content);
}

put('.oxlint-floors.json', `${JSON.stringify({ overrides: floorOverrides() }, null, 2)}\n`);
for (const { path, content } of folderLists(packageRoot)) put(path, content);
const { printedSchema, typedClientEnvironment, configurationPage, accessMatrixPage } = await import('./printed.ts');
put('schema/schema.graphql', printedSchema());
put('schema/graphql-env.d.ts', typedClientEnvironment());
put('docs/configuration.md', configurationPage());
put('docs/access-matrix.md', accessMatrixPage());
put('docs/errors.md', errorsPage(packageRoot));

if (stale.length > 0) {
  console.error(`Stale generated files; run \`npm run generate\`:\n${stale.map((path) => `  ${path}`).join('\n')}`);
  process.exitCode = 1;
}
