import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedFile } from '../store/copy/backup-file.ts';

/** Folders below `DATA_DIR` that are made anew: downloaded extensions, and rows that were read for one statement. */
const passing = new Set(['extensions', 'remote']);

/** Files of the state database, which a backup holds itself, and the lock of a running server. */
const notData = /^(state\/(system\.duckdb.*|backups\/.*)|extracts\.lock)$/;

const namedByContent = /^([0-9a-f]{64})\.parquet$/;

/**
 * Every file below `dataDir` that a backup does not hold itself, by path. A file of a table has its hash as its name; any other is
 * read. What vanishes meanwhile is left out.
 */
export async function* listDataFiles(dataDir: string, folder = ''): AsyncGenerator<NamedFile> {
  for await (const entry of await opendir(join(dataDir, folder))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !passing.has(path)) yield* listDataFiles(dataDir, path);
    if (!entry.isFile() || notData.test(path)) continue;
    const file = await describeFile(dataDir, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (file) yield file;
  }
}

/** Says of a file what it is; rejects when it is not there. */
export async function describeFile(dataDir: string, path: string): Promise<NamedFile> {
  const full = join(dataDir, path);
  const { size } = await stat(full);
  const named = namedByContent.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
  return { path, sizeBytes: size, sha256: named ?? (await hashOf(full)) };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}
