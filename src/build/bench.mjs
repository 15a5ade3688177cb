// `npm run bench`: runs `tests/bench/*.bench.ts`, each in a process of its own, one after the other, and prints one table.
// `--json FILE` writes the rows too; a word runs only the files whose name contains it. Nothing is asserted.
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';

const program = fileURLToPath(import.meta.url);
const root = resolve(program, '../../..');

/** In a child: measures one file and hands its rows to the parent. */
async function measure(file) {
  const { name, default: bench } = await import(pathToFileURL(file).href);
  const rows = await bench();
  process.send(
    rows.map((row) => ({ bench: name, ...row })),
    () => process.exit(0),
  );
}

/** Resolves to the rows of one file; a file that fails gives one row that says so, and exit code 1. */
function runFile(file) {
  return new Promise((settle) => {
    const flags = ['--expose-gc', '--max-old-space-size=4096', '--import', 'tsx'];
    const child = spawn(process.execPath, [...flags, program, '--measure', join(root, 'tests/bench', file)], {
      cwd: root,
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', UV_THREADPOOL_SIZE: '16' },
    });
    let rows = [{ bench: file, what: 'FAILED, see above', ratio: null, note: '' }];
    child.on('message', (message) => (rows = message));
    child.on('close', (code) => {
      if (code !== 0) process.exitCode = 1;
      settle(rows);
    });
  });
}

function formatTable(rows) {
  const heads = ['bench', 'what', 'ratio', 'note'];
  const lines = [heads, ...rows.map((row) => [row.bench, row.what, formatRatio(row.ratio), row.note])];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line
      .map((cell, column) => pad(cell, widths[column], column === 2))
      .join('  ')
      .trimEnd(),
  );
}

function pad(cell, width, toTheRight) {
  return toTheRight ? cell.padStart(width) : cell.padEnd(width);
}

function formatRatio(ratio) {
  if (ratio === null) return '-';
  return ratio >= 0.01 ? ratio.toFixed(2) : ratio.toExponential(1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, measure: { type: 'string' } },
});
if (values.measure) {
  await measure(values.measure);
} else {
  await buildIfStale();
  const files = readdirSync(join(root, 'tests/bench')).filter((file) => file.endsWith('.bench.ts'));
  const rows = [];
  for (const file of files.toSorted()) {
    if (positionals.every((word) => file.includes(word))) rows.push(...(await runFile(file)));
  }
  console.log(formatTable(rows).join('\n'));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}
