#!/usr/bin/env node
// `npx da` in a checkout: builds `dist/da.js` when a source of it changed, saying nothing, and runs it.
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundles, outside } from './bundles.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const sources = ['src/cli', 'src/kernel', 'src/engine', 'src/mcp', 'src/build'];
const { input, file, chunks } = bundles.find((bundle) => bundle.file === 'dist/da.js');
const program = join(root, file);

const built = changedAt(program);
if (sources.some((folder) => newestIn(join(root, folder)) > built)) await build();
await import(pathToFileURL(program).href);

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestIn(folder) {
  if (changedAt(folder) === 0) return 0;
  const entries = readdirSync(folder, { recursive: true });
  return Math.max(changedAt(folder), ...entries.map((entry) => changedAt(join(folder, entry))));
}

/** Replaces the program in one step, once what it loads lazily stands beside it: another `da` may be starting. */
async function build() {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: join(root, input),
    cwd: root,
    platform: 'node',
    logLevel: 'silent',
    external: outside,
  });
  const { output } = await bundle.generate({ format: 'esm', entryFileNames: basename(file), chunkFileNames: chunks });
  for (const { fileName, code } of output.toReversed()) {
    const path = join(root, 'dist', fileName);
    const draft = `${path}.${process.pid}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, path);
  }
}
