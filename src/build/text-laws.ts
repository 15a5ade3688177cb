// Run by `npm run check`: what holds of the words in the repository. It tells all faults and exits with 1 when there is one.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectors } from '../../connectors/index.generated.ts';
import { readAccessMatrix } from '../../schema/access/access-matrix.ts';
import { schema } from '../../schema/schema.ts';
import { configKeys } from '../kernel/config.ts';
import { packageRoot } from '../kernel/package-root.ts';
import { findSilentChange, findUntoldNames } from './changelog-law.ts';
import { listFiles } from './listed-files.ts';
import { findPartialWords } from './neutral-words.ts';

const text = /\.(ts|tsx|mjs|json|md|sql|css|html|graphql|ya?ml|sh|tf|service)$|(^|\/)Dockerfile$/;
/** Other people’s addresses, and the words themselves. */
const exempt = new Set(['package-lock.json', 'tests/architecture/text-laws.test.ts']);

const faults = [
  ...listFiles(packageRoot)
    .filter((file) => text.test(file) && !exempt.has(file))
    .flatMap((file) => findPartialWords(read(file)).map((fault) => `${file}: ${fault}`)),
  ...findUntoldNames(read('CHANGELOG.md'), {
    fields: readAccessMatrix(schema).map(({ field }) => field.replace(/^\w+\./, '')),
    commands: commandNames(),
    keys: Object.keys(configKeys),
    connectors: connectors.map(({ kind }) => kind),
  }),
  ...findSilentChange(packageRoot),
];
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Read as text: the command line is a program of its own. */
function commandNames(): string[] {
  return readdirSync(join(packageRoot, 'src/cli/commands')).flatMap(
    (file) => /^export const name = '([^']+)';$/m.exec(read(`src/cli/commands/${file}`))?.[1] ?? [],
  );
}

function read(file: string): string {
  return readFileSync(join(packageRoot, file), 'utf8');
}
