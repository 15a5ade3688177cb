// `npm run check`: everything about the sources that a program can judge. All of it runs, all that is wrong is told, and
// the exit code is 1 when anything is.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../..');

/**
 * Two lanes for two cores, about equally long; what is cheap and often wrong comes first. Lint and types are checked by
 * one thread each: a further one would build the types of the GraphQL schema again, which is most of the work.
 */
const lanes = [
  [
    { name: 'format', command: ['oxfmt', '--check', '.'], mend: 'npm run format' },
    {
      name: 'lint and architecture laws',
      command: ['oxlint', '--type-aware', '--deny-warnings', '.'],
      env: { GOMAXPROCS: '1' },
    },
    { name: 'dead code', command: ['knip', '--no-progress'] },
  ],
  [
    { name: 'generated files', command: ['tsx', 'src/build/generate.ts', '--check'], mend: 'npm run generate' },
    { name: 'changelog and neutral words', command: ['tsx', 'src/build/text-laws.ts'] },
    { name: 'types', command: ['typescript', '-p', '.', '--singleThreaded'] },
  ],
];

/** Runs one check and tells at once how it ended; what it printed is kept. */
async function run({ name, command, env, mend }) {
  const started = performance.now();
  const { code, output } = await execute(command, env);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'WRONG '} ${name} (${seconds} s)`);
  return { name, mend, output, failed: code !== 0 };
}

function execute([packageName, ...rest], env = {}) {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [programOf(packageName), ...rest], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('error', (error) => settle({ code: 1, output: error.message }));
    child.on('close', (code) => settle({ code: code ?? 1, output }));
  });
}

/** The program of a package, found without `npx`, which would ask the registry for what is missing. */
function programOf(packageName) {
  const manifest = findManifest(packageName);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const file = typeof bin === 'string' ? bin : (bin[packageName] ?? bin.tsc);
  return join(dirname(manifest), file);
}

function findManifest(packageName) {
  const places = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  for (const place of places) {
    const manifest = join(place, packageName, 'package.json');
    try {
      readFileSync(manifest);
      return manifest;
    } catch {
      // The next folder up may have it.
    }
  }
  throw new Error(`${packageName} is not installed; run npm ci`);
}

async function runLane(lane) {
  const results = [];
  for (const check of lane) results.push(await run(check));
  return results;
}

const results = (await Promise.all(lanes.map(runLane))).flat();
const failed = results.filter((result) => result.failed);
for (const { name, output, mend } of failed) {
  console.log(`\n--- ${name}${mend ? ` (mend it with \`${mend}\`)` : ''}\n${output.trimEnd()}`);
}
console.log(failed.length === 0 ? '\nAll checks passed.' : `\n${failed.length} of ${results.length} checks failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;
