// Builds `dist/` when a source changed since the last build: server, demo, statement child, CLI and the package
// of the CLI by rolldown, the web app by Vite. Importable (`await buildIfStale()`) and runnable (`node src/build/build.mjs`).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundles, outside } from './bundles.mjs';
import { buildCliPackage } from './cli-package.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const mark = join(root, 'dist/.sources');

/** Builds everything unless `dist/` was made from exactly these sources. Resolves to whether it built. */
export async function buildIfStale() {
  const key = hashSources();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === key) return false;
  await Promise.all([buildPrograms(), buildCliPackage(), buildWeb()]);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(mark, key);
  return true;
}

function hashSources() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json', 'LICENSE']) hash.update(readFileSync(join(root, file)));
  for (const folder of ['src', 'schema', 'connectors', 'web', 'migrations']) {
    if (!existsSync(join(root, folder))) continue;
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.toSorted()) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

async function buildPrograms() {
  rmSync(join(root, 'dist/da'), { recursive: true, force: true });
  const { rolldown } = await import('rolldown');
  await Promise.all(
    bundles
      .filter(({ input }) => existsSync(join(root, input)))
      .map(async ({ input, file, chunks }) => {
        const bundle = await rolldown({
          input: join(root, input),
          platform: 'node',
          cwd: root,
          logLevel: 'silent',
          external: outside,
        });
        const form = { format: 'esm', sourcemap: true };
        if (!chunks) return bundle.write({ ...form, file: join(root, file), codeSplitting: false });
        return bundle.write({
          ...form,
          dir: join(root, 'dist'),
          entryFileNames: basename(file),
          chunkFileNames: chunks,
        });
      }),
  );
}

/** In a process of its own: Vite takes `NODE_ENV=test` of a test run for development. */
async function buildWeb() {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const arguments_ = [vite, 'build', '--config', join(root, 'web/vite.config.ts'), '--logLevel', 'warn'];
  const child = spawn(process.execPath, arguments_, {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the web app could not be built');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.error((await buildIfStale()) ? 'built dist/' : 'dist/ is up to date');
}
