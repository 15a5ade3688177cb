import { constants } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncPath } from '../kernel/sync-path.ts';

/** Copies the file; the copy stands under its name whole or not at all, and is on the disk when this resolves. */
export async function copyDurably(from: string, to: string): Promise<void> {
  const draft = `${to}.new`;
  await copyFile(from, draft, constants.COPYFILE_FICLONE);
  await syncPath(draft);
  await rename(draft, to);
  await syncPath(dirname(to));
}
