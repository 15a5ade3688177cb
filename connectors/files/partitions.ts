import type { SourceFile } from '../contract.ts';

/** A folder `column=value` of a path. */
const partition = /^([^=]+)=(.*)$/su;

/** What stands for NULL in the names of such folders. */
const nullFolder = '__HIVE_DEFAULT_PARTITION__';

/** Whether a folder on the way to the file is named `column=value`. */
export function isPartitioned(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((folder) => partition.test(folder));
}

/** The pattern of all files that lie in folders of the same columns as `path` does, with the same extension. */
export function partitionPattern(path: string, extension: string): string {
  const folders = path.split('/').slice(0, -1);
  return [...folders.map((folder) => folder.replace(partition, '$1=*')), `*${extension}`].join('/');
}

/** The files with the values of their folders as columns; throws unless all have the same columns. */
export function withPartitions(files: readonly SourceFile[]): SourceFile[] {
  const partitioned = files.map((file) => ({ ...file, columns: readPartitions(file.name) }));
  const [first] = partitioned;
  const keysOf = (file: SourceFile) =>
    Object.keys(file.columns ?? {})
      .toSorted()
      .join(', ');
  for (const file of partitioned) {
    if (keysOf(file) === '') {
      throw new Error(
        `${file.name} lies in no folder named column=value; move it to one, or leave out the option partitions.`,
      );
    }
    if (first && keysOf(file) !== keysOf(first)) {
      throw new Error(
        `${first.name} has the partition columns ${keysOf(first)}, but ${file.name} has ${keysOf(file)}; narrow the path.`,
      );
    }
  }
  return partitioned;
}

function readPartitions(name: string): Record<string, string | null> {
  const found = new Map<string, { key: string; value: string | null }>();
  for (const folder of name.split('/').slice(0, -1)) {
    const [, key = '', value = ''] = partition.exec(folder) ?? [];
    if (key === '') continue;
    const column = decode(key);
    if (found.has(column.toLowerCase())) throw new Error(`${name} has the partition column ${column} twice.`);
    found.set(column.toLowerCase(), {
      key: column,
      value: value === nullFolder || value === '' ? null : decode(value),
    });
  }
  return Object.fromEntries([...found.values()].map(({ key, value }) => [key, value]));
}

/** Writers of such folders escape `/`, `=` and others with a percent sign; what is no escape stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
