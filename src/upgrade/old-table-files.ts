import { join, relative, sep } from 'node:path';
import { entriesIn, isNew } from './files-beside.ts';
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

type Told = Upgrade['ledger'];

const contentName = /^[0-9a-f]{64}\.parquet$/;

/**
 * Where the predecessor kept the rows of a table: below the extract of its source type, else in the last extract that has it, else in
 * the older tree `src_data/parquet`, there in the folder of its source type first; null when nowhere. Links are followed, and what cannot
 * be looked at is told.
 */
export function findTableFiles(
  { ledger, settings }: Pick<Upgrade, 'ledger' | 'settings'>,
  given: { name: string; sourceType: string },
): OldTableFiles | null {
  const extracts = join(settings.dataDir, 'extracts');
  const folders = foldersIn(extracts, ledger);
  const inOrder = [...folders.filter((name) => name === given.sourceType), ...folders.toReversed()];
  for (const extract of inOrder) {
    const paths = filesOf(join(extracts, extract, 'data'), given.name, ledger);
    if (paths.length > 0) return { paths, extract, folder: null };
  }
  const tree = join(settings.dataDir, 'src_data', 'parquet');
  const find = (folder: string) => findInTree(folder, { name: given.name, ledger, seen: new Set() });
  const ofSource = given.sourceType === '' ? [] : find(join(tree, given.sourceType));
  const paths = ofSource.length > 0 ? ofSource : find(tree);
  const [first] = paths;
  return first === undefined ? null : { paths, extract: null, folder: relative(tree, first).split(sep)[0]! };
}

/** One file of the name, or the files in a folder of the name; what we have published ourselves does not count. */
function filesOf(folder: string, name: string, ledger: Told): string[] {
  const entries = entriesIn(folder, ledger);
  if (entries.some((entry) => entry.kind === 'file' && entry.name === `${name}.parquet`)) {
    return [join(folder, `${name}.parquet`)];
  }
  if (!entries.some((entry) => entry.kind === 'folder' && entry.name === name)) return [];
  return entriesIn(join(folder, name), ledger)
    .filter((entry) => entry.kind === 'file' && entry.name.endsWith('.parquet') && !contentName.test(entry.name))
    .map(({ path }) => path);
}

function findInTree(folder: string, given: { name: string; ledger: Told; seen: Set<string> }): string[] {
  if (!isNew(folder, given.seen)) return [];
  const found = filesOf(folder, given.name, given.ledger);
  if (found.length > 0) return found;
  for (const below of foldersIn(folder, given.ledger)) {
    const deeper = findInTree(join(folder, below), given);
    if (deeper.length > 0) return deeper;
  }
  return [];
}

/** The names of the folders in a folder, in their order; none where that is not there. */
export function foldersIn(folder: string, ledger: Told): string[] {
  return entriesIn(folder, ledger)
    .filter(({ kind }) => kind === 'folder')
    .map(({ name }) => name);
}
