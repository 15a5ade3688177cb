import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidInputError } from '../kernel/errors.ts';
import { isSafeName } from './identifier.ts';
import { makeFolder } from './publish.ts';

/** The folders of one source, absolute. */
export interface SourceFolders {
  /** Holds `extract.duckdb`. */
  source: string;
  /** Holds one folder of Parquet files per table. */
  data: string;
}

const inUse = new Set<string>();

/** Where the extract of `source` lies; refuses a name that could leave `extractsDir`. */
export function sourceFolders(extractsDir: string, source: string): SourceFolders {
  refuseUnsafeName('source', source);
  const folder = resolve(extractsDir, source);
  return { source: folder, data: join(folder, 'data') };
}

/** Refuses `name` with an `InvalidInputError` on `path` unless it is safe as a folder and as a SQL name. */
export function refuseUnsafeName(path: string, name: string): void {
  if (isSafeName(name)) return;
  const message = `"${name}" is not a safe name; use at most 64 ASCII letters, digits and underscores, no digit first.`;
  throw new InvalidInputError([{ path, message }]);
}

/** Makes a private folder below `<source>/.staging`, and removes those that crashed processes left behind. */
export async function openStaging(folders: SourceFolders): Promise<string> {
  const parent = join(folders.source, '.staging');
  await makeFolder(parent);
  for (const name of await readdir(parent)) {
    if (!isOwned(join(parent, name), name)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const staging = join(parent, `${process.pid}-${randomUUID()}`);
  inUse.add(staging);
  await makeFolder(staging);
  return staging;
}

/** Removes a folder that `openStaging` made, with all that is in it. */
export async function closeStaging(staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true });
  inUse.delete(staging);
}

/** A container's process often has the same id after a restart, so our own id proves nothing: our own list does. */
function isOwned(path: string, name: string): boolean {
  const pid = Number(name.split('-')[0]);
  if (pid === process.pid) return inUse.has(path);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
