import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, utimesSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { syncPath } from '../kernel/sync-path.ts';

/** What is about to happen to files on disk, in order. */
export type PublishStep =
  | 'write file'
  | 'check file'
  | 'hash file'
  | 'sync file'
  | 'make folder'
  | 'rename file'
  | 'sync folder'
  | 'write extract'
  | 'sync extract'
  | 'rename extract'
  | 'sync source folder';

/** Called before each step; a test makes the disk fail, or the process stop, by throwing or never answering. */
export type BeforeStep = (step: PublishStep) => void | Promise<void>;

/** A file under its final name: immutable, read-only, durable. */
export interface PublishedFile {
  path: string;
  sha256: string;
  sizeBytes: number;
}

/**
 * Moves `staged` to `<folder>/<sha256>.parquet` so that after a crash at any moment the name holds the whole file or does
 * not exist. When the same content is already there, down to its bytes, it stays untouched but for its modification time, which says that it
 * was wanted again.
 */
export async function publishFile(options: {
  staged: string;
  folder: string;
  beforeStep: BeforeStep;
}): Promise<PublishedFile> {
  const { staged, folder, beforeStep } = options;
  await beforeStep('hash file');
  const { sha256, sizeBytes } = await hashFile(staged);
  const path = join(folder, `${sha256}.parquet`);
  if ((await holds(path, sha256)) && renew(path, sizeBytes)) {
    await rm(staged, { force: true });
    return { path, sha256, sizeBytes };
  }
  await beforeStep('sync file');
  await chmod(staged, 0o444);
  await syncPath(staged);
  await beforeStep('make folder');
  await makeFolder(folder);
  await beforeStep('rename file');
  await rename(staged, path);
  await beforeStep('sync folder');
  await syncPath(folder);
  return { path, sha256, sizeBytes };
}

/** A file that was changed on the disk is no longer what its name says: it is replaced. */
async function holds(path: string, sha256: string): Promise<boolean> {
  try {
    return (await hashFile(path)).sha256 === sha256;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Synchronous, so that the garbage collector of this process cannot delete the file in between. */
function renew(path: string, sizeBytes: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size !== sizeBytes) return false;
  const now = new Date();
  utimesSync(path, now, now);
  return true;
}

/** Reads the whole file; `sha256` in hex. */
export async function hashFile(path: string): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    sizeBytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** Makes `folder` and its missing parents, each durable in its own parent. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let made = resolve(folder); made !== top;) {
    made = dirname(made);
    await syncPath(made);
  }
}

/** Whether a file-system call failed because there is nothing at its path. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
