import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { DiscoveredTable } from '../contract.ts';
import { nameWithin, openFile } from '../allowed-path.ts';
import { formatByName, tableStem } from './file-format.ts';
import { isPattern } from './glob-pattern.ts';
import { isPartitioned, partitionPattern } from './partitions.ts';

const deepestLevel = 8;
const mostFiles = 10_000;

/**
 * The files of a known format in and below the real path `folder`, sorted by path; hidden ones are left out. Files of one
 * folder whose names differ only in their digits are offered as one table, too; those in folders named `column=value` only so.
 */
export async function discoverFiles(folder: string, signal: AbortSignal): Promise<DiscoveredTable[]> {
  const paths = await listFiles(folder, signal);
  const taken = new Set<string>();
  const partitioned = listPartitioned(paths);
  const plain = paths.filter((path) => !partitioned.some(({ parts }) => parts.includes(path)));
  const single = plain.map((path) => ({ name: nameTable(tableStem(path), taken), options: { path } }));
  const folders = partitioned.map(({ path, parts }) => ({
    name: nameTable(path.slice(0, path.search(/[^/]+=\*/)) || 'partitions', taken),
    description: `${parts.length} partitioned files as one table.`,
    options: { path, partitions: true },
  }));
  const series = listSeries(plain).map(({ path, count }) => ({
    name: nameTable(tableStem(path).replaceAll(digits, ''), taken),
    description: `${count} files as one table.`,
    options: { path },
  }));
  return [...single, ...folders, ...series];
}

/** Files below folders named `column=value`, by the pattern that fits them all. */
function listPartitioned(paths: readonly string[]): { path: string; parts: string[] }[] {
  const found = new Map<string, string[]>();
  for (const path of paths.filter((each) => isPartitioned(each) && !isPattern(each))) {
    const pattern = partitionPattern(path, extname(path));
    found.set(pattern, [...(found.get(pattern) ?? []), path]);
  }
  return [...found].map(([path, parts]) => ({ path, parts }));
}

const digits = '[0-9]*';

function listSeries(paths: readonly string[]): { path: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const path of paths.filter((each) => !isPattern(each))) {
    const [folder, file] = [path.slice(0, path.lastIndexOf('/') + 1), path.slice(path.lastIndexOf('/') + 1)];
    const stem = tableStem(file);
    const pattern = folder + stem.replace(/[0-9]+/g, digits) + file.slice(stem.length);
    if (pattern !== path) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([path, count]) => ({ path, count }));
}

async function listFiles(folder: string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  const open = [{ path: folder, level: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal.throwIfAborted();
    for (const entry of await readdir(next.path, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(next.path, entry.name);
      if (entry.isDirectory() && next.level < deepestLevel) open.push({ path, level: next.level + 1 });
      else if (formatByName(entry.name) !== undefined && (entry.isFile() || entry.isSymbolicLink())) {
        const name = nameWithin(folder, path);
        if (entry.isFile() || (await isOurs(folder, name))) found.push(name);
      }
    }
    if (found.length > mostFiles)
      throw new Error(`The folder has more than ${mostFiles} files; divide it into sources.`);
  }
  return found.toSorted();
}

/** Whether a link leads to a file that a table may name. */
async function isOurs(folder: string, name: string): Promise<boolean> {
  return openFile(folder, name).then(
    () => true,
    () => false,
  );
}

/** `2024/Größe-x.csv` becomes `_2024_grosse_x`; a name that is taken gets `_2`, `_3`… */
function nameTable(stem: string, taken: Set<string>): string {
  const plain = stem
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const base = /^[a-z]/.test(plain) ? plain : `_${plain}`;
  let name = base.slice(0, 64);
  for (let count = 2; taken.has(name); count += 1) name = `${base.slice(0, 63 - String(count).length)}_${count}`;
  taken.add(name);
  return name;
}
