import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The names of what `replaceFile` writes first; a kill leaves one behind. */
export const draftPattern = /^\.[0-9a-f-]{36}\.draft$/;

/**
 * Puts `text` in the place of the file, whole or not at all, readable by its owner alone, and durable when it returns. It does
 * not wait, so that it can stand inside a transaction.
 */
export function replaceFile(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `.${randomUUID()}.draft`);
  try {
    writeDurably(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function writeDurably(path: string, text: string): void {
  const opened = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(opened, text);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
