import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileLine, NamedFile } from '../store/copy/backup-file.ts';

/** Folders below `DATA_DIR` that are made anew: downloaded extensions, and rows that were read for one statement. */
const passing = new Set(['extensions', 'remote']);

/** Files of the state database, which a backup holds itself, and the lock of a running server. */
const notData = /^(state\/(system\.duckdb.*|backups\/.*)|extracts\.lock)$/;

const namedByContent = /^([0-9a-f]{64})\.parquet$/;

/** What a system says of a name behind which there is nothing: it was removed, or is a link that leads nowhere. */
const gone = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** One walk through `DATA_DIR`. */
interface Walk {
  readonly dataDir: string;
  /** `dataDir` without links. */
  readonly root: string;
  /** The folders that were listed, without links. */
  readonly seen: Set<string>;
}

/**
 * Every file below `dataDir` that a backup does not hold itself, by path, links followed and each folder listed once; and what could
 * not be read. A file of a table has its hash as its name; any other is read. What vanishes meanwhile is left out.
 */
export async function* listDataFiles(dataDir: string): AsyncGenerator<FileLine> {
  yield* listPath({ dataDir, root: await realpath(dataDir), seen: new Set() }, '');
}

async function* listPath(walk: Walk, path: string): AsyncGenerator<FileLine> {
  if (passing.has(path) || notData.test(path)) return;
  const full = join(walk.dataDir, path);
  try {
    const found = await stat(full);
    if (found.isFile())
      yield { file: { path, sizeBytes: found.size, sha256: hashInName(path) ?? (await hashOf(full)) } };
    if (!found.isDirectory() || !(await isToBeListed(walk, path))) return;
    for (const name of (await readdir(full)).toSorted()) yield* listPath(walk, path === '' ? name : `${path}/${name}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (!gone.has(code)) yield { unreadable: { path, reason: code } };
  }
}

/** Whether the folder was not listed yet, and is none that a link leads back to: those are listed where they stand. */
async function isToBeListed({ dataDir, root, seen }: Walk, path: string): Promise<boolean> {
  const real = await realpath(join(dataDir, path));
  const leadsBack = real !== join(root, path) && (isWithin(real, root) || isWithin(root, real));
  if (leadsBack || seen.has(real)) return false;
  seen.add(real);
  return true;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(join(folder, '/'));
}

function hashInName(path: string): string | undefined {
  return namedByContent.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

/** What is wrong with the file below `dataDir`, whose bytes are read whatever its name says; null when it is as it was. */
export async function compareFile(dataDir: string, { path, sizeBytes, sha256 }: NamedFile): Promise<string | null> {
  const full = join(dataDir, path);
  try {
    const isSame = (await stat(full)).size === sizeBytes && (await hashOf(full)) === sha256;
    return isSame ? null : `another: ${path}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return gone.has(code) ? `missing: ${path} (${sizeBytes} bytes)` : `cannot be read: ${path} (${code})`;
  }
}
