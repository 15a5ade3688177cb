import { join, relative, sep } from 'node:path';
import { entriesIn, isNew, type Entry } from './files-beside.ts';
import type { Upgrade } from './upgrade.ts';

/** The Parquet files that hold the rows of one table of the predecessor. */
export interface OldTableFiles {
  /** Absolute. */
  readonly paths: readonly string[];
  /** The folder of their extract, or null in the tree that is older than extracts. */
  readonly extract: string | null;
  /** The folder in which that tree has the table, or null in an extract. */
  readonly folder: string | null;
}

/** Where listings of folders are kept, because each table looks through all of them. */
type Place = Pick<Upgrade, 'ledger' | 'settings' | 'listings'>;

const contentName = /^[0-9a-f]{64}\.parquet$/;

/**
 * Where the predecessor kept the rows of a table: below the extract of its source type, else in the last extract that has it, else in
 * the older tree `src_data/parquet`, there in the folder of its source type first; null when nowhere. Links are followed, and what cannot
 * be looked at is told.
 */
export function findTableFiles(place: Place, given: { name: string; sourceType: string }): OldTableFiles | null {
  const { dataDir } = place.settings;
  const extracts = join(dataDir, 'extracts');
  const folders = foldersIn(place, extracts);
  const inOrder = [...folders.filter((name) => name === given.sourceType), ...folders.toReversed()];
  for (const extract of inOrder) {
    const paths = filesOf(place, join(extracts, extract, 'data'), given.name);
    if (paths.length > 0) return { paths, extract, folder: null };
  }
  const tree = join(dataDir, 'src_data', 'parquet');
  const find = (folder: string) => findInTree(place, folder, { name: given.name, seen: new Set() });
  const ofSource = given.sourceType === '' ? [] : find(join(tree, given.sourceType));
  const paths = ofSource.length > 0 ? ofSource : find(tree);
  const [first] = paths;
  return first === undefined ? null : { paths, extract: null, folder: relative(tree, first).split(sep)[0]! };
}

/** One file of the name, or the files in a folder of the name; what we have published ourselves does not count. */
function filesOf(place: Place, folder: string, name: string): string[] {
  const entries = listed(place, folder);
  if (entries.some((entry) => entry.kind === 'file' && entry.name === `${name}.parquet`)) {
    return [join(folder, `${name}.parquet`)];
  }
  if (!entries.some((entry) => entry.kind === 'folder' && entry.name === name)) return [];
  return listed(place, join(folder, name))
    .filter((entry) => entry.kind === 'file' && entry.name.endsWith('.parquet') && !contentName.test(entry.name))
    .map(({ path }) => path);
}

function findInTree(place: Place, folder: string, given: { name: string; seen: Set<string> }): string[] {
  if (!isNew(folder, given.seen)) return [];
  const found = filesOf(place, folder, given.name);
  if (found.length > 0) return found;
  for (const below of foldersIn(place, folder)) {
    const deeper = findInTree(place, join(folder, below), given);
    if (deeper.length > 0) return deeper;
  }
  return [];
}

/** The names of the folders in a folder, in their order; none where that is not there. */
export function foldersIn(place: Pick<Upgrade, 'ledger' | 'listings'>, folder: string): string[] {
  return listed(place, folder)
    .filter(({ kind }) => kind === 'folder')
    .map(({ name }) => name);
}

function listed({ ledger, listings }: Pick<Upgrade, 'ledger' | 'listings'>, folder: string): Entry[] {
  const entries = listings.get(folder) ?? entriesIn(folder, ledger);
  listings.set(folder, entries);
  return entries;
}
