import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from './ledger.ts';

/** What stands in a folder beside the database, behind its links. */
export interface Entry {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly isLink: boolean;
}

/** A text, or why there is none, as the end of a sentence that begins with the path. */
export type ReadText =
  | { readonly text: string; readonly fault: null }
  | { readonly text: null; readonly fault: string };

/** The fault of a link behind which there is nothing. */
export const linkToNothing = 'is a link to nothing';

type Told = Pick<Ledger, 'warn'>;

/** The text of a file, without a byte order mark; null where there is no such file. */
export function readText(path: string): ReadText | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const fault = faultOf(path, error);
    return fault === null ? null : { text: null, fault };
  }
  if (!isUtf8(bytes)) return { text: null, fault: 'is no text in UTF-8' };
  return { text: new TextDecoder().decode(bytes), fault: null };
}

/** Why what stands at `path` cannot be read, as the end of a sentence that begins with the path; null where nothing stands there. */
function faultOf(path: string, error: unknown): string | null {
  const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  if (!['ENOENT', 'ENOTDIR'].includes(code)) return `cannot be read (${code})`;
  try {
    return lstatSync(path).isSymbolicLink() ? linkToNothing : 'is no folder';
  } catch {
    return null;
  }
}

/** Why this is no folder that can be read; null where it is one, or nothing stands there. */
export function faultOfFolder(folder: string): string | null {
  try {
    readdirSync(folder);
    return null;
  } catch (error) {
    return faultOf(folder, error);
  }
}

/** What stands in a folder, by name; none where there is no such folder. What cannot be looked at is left out with a warning. */
export function entriesIn(folder: string, ledger: Told): Entry[] {
  const found: Entry[] = [];
  for (const entry of read(folder, ledger)) {
    const [name, path] = [entry.name.toString(), join(folder, entry.name.toString())];
    try {
      if (!isUtf8(entry.name)) ledger.warn(`${path} was left out: its name is not in UTF-8.`);
      else {
        const isLink = entry.isSymbolicLink();
        found.push({ name, path, kind: kindOf(isLink ? statSync(path) : entry), isLink });
      }
    } catch (error) {
      leaveOut(ledger, path, error);
    }
  }
  return found.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** As `entriesIn`, for a folder in which people wrote: links are left out, because they could show what their owners may not read. */
export function ownEntriesIn(folder: string, ledger: Told): Entry[] {
  const entries = entriesIn(folder, ledger);
  for (const { path, isLink } of entries) if (isLink) ledger.warn(`${path} was left out: it is a link.`);
  return entries.filter(({ isLink }) => !isLink);
}

/** Every file below such a folder, with its path in it as its name. */
export function ownFilesBelow(folder: string, ledger: Told): Entry[] {
  return ownEntriesIn(folder, ledger).flatMap((entry) => {
    if (entry.kind === 'file') return [entry];
    if (entry.kind === 'other') ledger.warn(`${entry.path} was left out: it is no file.`);
    if (entry.kind !== 'folder') return [];
    return ownFilesBelow(entry.path, ledger).map((file) => ({ ...file, name: `${entry.name}/${file.name}` }));
  });
}

/** Whether this folder, by whatever links it is reached, is not among the seen ones yet; it is afterwards. */
export function isNew(folder: string, seen: Set<string>): boolean {
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return false;
    seen.add(real);
  } catch {
    // Whoever reads it tells why it cannot be read.
  }
  return true;
}

/** Says that what stands at `path` was left out, because of this error. */
export function leaveOut(ledger: Told, path: string, error: unknown): void {
  const fault = faultOf(path, error);
  if (fault !== null) ledger.warn(`${path} was left out: it ${fault}.`);
}

function read(folder: string, ledger: Told): Dirent<Buffer>[] {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    leaveOut(ledger, folder, error);
    return [];
  }
}

function kindOf(found: { isFile(): boolean; isDirectory(): boolean }): Entry['kind'] {
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}
