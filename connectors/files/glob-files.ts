import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nameWithin, openFile, openFolderWithin } from '../allowed-path.ts';
import { fitsPattern, isPattern } from './glob-pattern.ts';
import type { SourceFile } from '../contract.ts';

const mostFiles = 10_000;
const mostEntries = 200_000;

/**
 * The files that fit `pattern` in and below the real path `folder`, sorted by name; `**` stands for any folders, also none.
 * Hidden files and folders fit only a part that begins with a dot. Links to folders are followed where the pattern names
 * them, and never out of `folder`: what leads out is refused, not left out. Throws when no file fits.
 */
export async function openPattern(folder: string, pattern: string, signal: AbortSignal): Promise<SourceFile[]> {
  const names = new Set<string>();
  const walk = { folder, names, signal, seen: new Set<string>(), entries: 0 };
  await collect(
    walk,
    folder,
    pattern.split('/').filter((part) => part !== '' && part !== '.'),
  );
  if (names.size === 0) throw new Error(`No file fits ${pattern}; deliver one, or correct the path of the table.`);
  const opened = new Map<string, SourceFile>();
  for (const name of [...names].toSorted()) {
    signal.throwIfAborted();
    const path = await openFile(folder, name);
    // A link beside its target is no second delivery of the same rows.
    if (!opened.has(path)) opened.set(path, { path, name });
  }
  return [...opened.values()];
}

interface Walk {
  folder: string;
  names: Set<string>;
  signal: AbortSignal;
  /** Where which rest of the pattern was looked for: several `**` come to the same place in many ways. */
  seen: Set<string>;
  entries: number;
}

async function collect(walk: Walk, at: string, parts: readonly string[]): Promise<void> {
  const [part = '', ...rest] = parts;
  const place = `${at}//${parts.join('/')}`;
  if (walk.seen.has(place)) return;
  walk.seen.add(place);
  if (part === '**') await collect(walk, at, rest.length === 0 ? ['*'] : rest);
  else if (!isPattern(part) && rest.length > 0) return collect(walk, join(at, part), rest);
  for (const entry of await list(walk, at)) {
    const path = join(at, entry.name);
    if (part === '**') {
      if (entry.isDirectory() && !entry.name.startsWith('.')) await collect(walk, path, parts);
    } else if (fits(entry.name, part)) {
      if (rest.length === 0 && !entry.isDirectory()) addName(walk, path);
      if (rest.length > 0 && entry.isDirectory()) await collect(walk, path, rest);
    }
  }
}

function fits(name: string, part: string): boolean {
  return fitsPattern(name, part) && (part.startsWith('.') || !name.startsWith('.'));
}

function addName({ folder, names }: Walk, path: string): void {
  names.add(nameWithin(folder, path));
  if (names.size > mostFiles) throw new Error(`The pattern fits more than ${mostFiles} files; narrow it.`);
}

async function list(walk: Walk, path: string) {
  walk.signal.throwIfAborted();
  const real = await openFolderWithin(walk.folder, path);
  if (real === undefined) return [];
  const entries = await readdir(real, { withFileTypes: true });
  walk.entries += entries.length + 1;
  if (walk.entries > mostEntries) throw new Error(`The pattern looks at more than ${mostEntries} files; narrow it.`);
  return entries;
}
