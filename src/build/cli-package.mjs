// The package that `GET /cli/da.tgz` serves: `da` with every npm package it needs inside, but for the native part of DuckDB, which
// npm brings for each machine. The same sources make the same bytes.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { outside } from './bundles.mjs';
import { tarOf } from './tar.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
/** Writes `dist/cli/da.tgz`. */
export async function buildCliPackage() {
  mkdirSync(join(root, 'dist/cli'), { recursive: true });
  writeFileSync(join(root, 'dist/cli/da.tgz'), await packCli());
}

/** The package as gzipped tar. */
export async function packCli() {
  const { output, packages } = await bundleCli();
  const files = [
    { path: 'package/package.json', text: `${JSON.stringify(manifest(), null, 2)}\n` },
    { path: 'package/LICENSE', text: readFileSync(join(root, 'LICENSE'), 'utf8') },
    { path: 'package/LICENSES-OF-OTHERS.txt', text: licencesOf(packages) },
    ...output
      .map(({ fileName, code, isEntry }) => ({ path: `package/${fileName}`, text: code, executable: isEntry }))
      .toSorted((one, other) => (one.path < other.path ? -1 : 1)),
  ];
  return gzipSync(tarOf(files), { level: 9 });
}

function manifest() {
  const ours = readManifest('package.json');
  const duckdb = readManifest('node_modules/@duckdb/node-api/package.json');
  return {
    name: 'agnes-da',
    version: ours.version,
    description: 'The command line of Agnes.',
    license: ours.license,
    type: 'module',
    bin: { da: 'da.js' },
    engines: ours.engines,
    dependencies: duckdb.dependencies,
  };
}

function readManifest(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

async function bundleCli() {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: join(root, 'src/cli/main.ts'),
    cwd: root,
    platform: 'node',
    logLevel: 'silent',
    external: outside,
  });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: 'da.js',
    chunkFileNames: 'da/[name]-[hash].js',
    banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
  });
  await bundle.close();
  const folders = output
    .flatMap(({ moduleIds = [] }) => moduleIds.map(packageFolder))
    .filter((folder) => folder !== null);
  return { output, packages: [...new Set(folders)].toSorted((one, other) => (one < other ? -1 : 1)) };
}

/** The folder of the npm package that a module belongs to; null for our own. */
function packageFolder(id) {
  const path = id.replaceAll('\0', '').split('?')[0];
  if (!path.includes('/node_modules/')) return null;
  let folder = dirname(path);
  while (!isPackage(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

function isPackage(file) {
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version !== undefined;
}

function licencesOf(folders) {
  const texts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return texts.toSorted().join(`\n${'-'.repeat(72)}\n\n`);
}
