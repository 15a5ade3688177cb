import { readdirSync, type Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The Parquet files that hold the rows of one table of the predecessor. */
export interface OldTableFiles {
  /** Absolute. */
  readonly paths: readonly string[];
  /** The folder of their extract, or null in the tree that is older than extracts. */
  readonly extract: string | null;
  /** The folder in which that tree has the table, or null in an extract. */
  readonly folder: string | null;
}

const contentName = /^[0-9a-f]{64}\.parquet$/;

/**
 * Where the predecessor kept the rows of a table: below the extract of its source type, else in the last extract that has it, else in
 * the older tree `src_data/parquet`, there in the folder of its source type first; null when nowhere.
 */
export function findTableFiles(dataDir: string, given: { name: string; sourceType: string }): OldTableFiles | null {
  const extracts = join(dataDir, 'extracts');
  const folders = foldersIn(extracts).toSorted();
  const inOrder = [...folders.filter((name) => name === given.sourceType), ...folders.toReversed()];
  for (const extract of inOrder) {
    const paths = filesOf(join(extracts, extract, 'data'), given.name);
    if (paths.length > 0) return { paths, extract, folder: null };
  }
  const tree = join(dataDir, 'src_data', 'parquet');
  const ofSource = given.sourceType === '' ? [] : findInTree(join(tree, given.sourceType), given.name);
  const paths = ofSource.length > 0 ? ofSource : findInTree(tree, given.name);
  const [first] = paths;
  return first === undefined ? null : { paths, extract: null, folder: relative(tree, first).split(sep)[0]! };
}

/** One file of the name, or the files in a folder of the name; what we have published ourselves does not count. */
function filesOf(folder: string, name: string): string[] {
  const entries = entriesIn(folder);
  if (entries.some((entry) => entry.isFile() && entry.name === `${name}.parquet`)) {
    return [join(folder, `${name}.parquet`)];
  }
  if (!entries.some((entry) => entry.isDirectory() && entry.name === name)) return [];
  return entriesIn(join(folder, name))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.parquet') && !contentName.test(entry.name))
    .map((entry) => join(folder, name, entry.name))
    .toSorted();
}

function findInTree(folder: string, name: string): string[] {
  const found = filesOf(folder, name);
  if (found.length > 0) return found;
  for (const below of foldersIn(folder).toSorted()) {
    const deeper = findInTree(join(folder, below), name);
    if (deeper.length > 0) return deeper;
  }
  return [];
}

/** The names of the folders in a folder; none where that is not there. */
export function foldersIn(folder: string): string[] {
  return entriesIn(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
