import { constants } from 'node:fs';
import { copyFile, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Copies the file; the copy stands under its name whole or not at all, and is on the disk when this resolves. */
export async function copyDurably(from: string, to: string): Promise<void> {
  const draft = `${to}.new`;
  await copyFile(from, draft, constants.COPYFILE_FICLONE);
  await sync(draft);
  await rename(draft, to);
  await sync(dirname(to));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
