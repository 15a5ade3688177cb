import { StateFiles } from './state-files.ts';

/** What tells the state in `file` and its log from every other. Nobody may have the file open. */
export function digestOfState(file: string): Promise<string> {
  return new StateFiles(file).digest();
}

/** Copies the file and its log to `<file>.<name>`, for good, unless the copy is there; resolves to its path. */
export function keepState(file: string, name: string): Promise<string> {
  return new StateFiles(file).keepBeside(name);
}

/**
 * Puts `by`, a closed state file on the same disk, in the place of `file` and its log, in one step: a kill at any moment leaves the
 * one or the other, and the next opening ends what was begun. Nobody may have either file open.
 */
export async function replaceState(file: string, by: string): Promise<void> {
  const files = new StateFiles(file);
  await files.takeAsCopy(by);
  await files.declareReady();
  await files.install();
}

/** Removes the file and its log, of which `keepState` has made a copy. */
export async function removeState(file: string): Promise<void> {
  await new StateFiles(file).remove();
}
