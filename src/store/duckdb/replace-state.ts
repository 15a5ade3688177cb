import type { Migration } from '../migrations.ts';
import { foldLog, inspectState } from './migrate-file.ts';
import { StateFiles } from './state-files.ts';

/** What tells the state in `file` and its log from every other. Nobody may have the file open. */
export function digestOfState(file: string): Promise<string> {
  return new StateFiles(file).digest();
}

/** Throws the `StoreOpenError` with which opening the file would end before anything is changed; changes nothing. */
export async function refuseUnopenable(file: string, migrations: readonly Migration[]): Promise<void> {
  await inspectState(new StateFiles(file), migrations);
}

/** Where `keepState` would copy the file to. */
export function placeOfKept(file: string, name: string): Promise<string> {
  return new StateFiles(file).placeBeside(name);
}

/** Copies the file and its log to `<file>.<name>`, for good, unless the copy is there; resolves to its path. */
export function keepState(file: string, name: string): Promise<string> {
  return new StateFiles(file).keepBeside(name);
}

/**
 * Puts `by`, a closed state file on the same disk, in the place of `file` and its log, in one step: a kill at any moment leaves the
 * one or the other, and the next opening ends what was begun. Throws, with `file` as it was, when `by` cannot be made whole without its
 * log, such as on a full disk. Nobody may have either file open.
 */
export async function replaceState(file: string, by: string): Promise<void> {
  const files = new StateFiles(file);
  await foldLog(new StateFiles(by));
  await files.takeAsCopy(by);
  await files.declareReady();
  await files.install();
}

/** Removes the file and its log, of which `keepState` has made a copy. */
export async function removeState(file: string): Promise<void> {
  await new StateFiles(file).remove();
}
