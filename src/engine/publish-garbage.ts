import { lstatSync, unlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isSafeName } from './identifier.ts';
import { isMissing } from './publish.ts';

const contentName = /^[0-9a-f]{64}\.parquet$/;

/**
 * Deletes the published files of `source` that are not in `keep` (absolute paths) and were last wanted before `olderThan`;
 * resolves to the deleted paths. Anything that a publication did not write is left alone.
 */
export async function removeUnreferencedFiles(options: {
  extractsDir: string;
  source: string;
  keep: ReadonlySet<string>;
  olderThan: Date;
}): Promise<string[]> {
  if (!isSafeName(options.source)) throw new Error(`not a source name: ${options.source}`);
  const data = resolve(options.extractsDir, options.source, 'data');
  const removed: string[] = [];
  for (const table of await foldersIn(data)) {
    const names = (await readdir(join(data, table))).filter((name) => contentName.test(name)).toSorted();
    for (const name of names) {
      const path = join(data, table, name);
      if (!options.keep.has(path) && removeWhenOld(path, options.olderThan)) removed.push(path);
    }
  }
  return removed;
}

/** The names of the folders in `extractsDir` that may be those of sources, registered or not. */
export async function sourceFolderNames(extractsDir: string): Promise<string[]> {
  return (await foldersIn(extractsDir)).filter(isSafeName);
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Synchronous, so that no publication of this process can want the file between the look and the deletion. */
function removeWhenOld(path: string, olderThan: Date): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.mtime >= olderThan) return false;
  unlinkSync(path);
  return true;
}
