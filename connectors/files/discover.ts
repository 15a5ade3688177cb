import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscoveredTable } from '../contract.ts';
import { nameWithin, openFile } from './allowed-path.ts';

const deepestLevel = 8;
const mostFiles = 10_000;
const readable = /\.(csv|parquet)$/i;

/** The CSV and Parquet files in and below the real path `folder`, sorted by path; hidden ones are left out. */
export async function discoverFiles(folder: string, signal: AbortSignal): Promise<DiscoveredTable[]> {
  const paths = await listFiles(folder, signal);
  const taken = new Set<string>();
  return paths.map((path) => ({ name: nameTable(path, taken), options: { path } }));
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
      else if (readable.test(entry.name) && (entry.isFile() || entry.isSymbolicLink())) {
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
function nameTable(path: string, taken: Set<string>): string {
  const plain = path
    .replace(readable, '')
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
