import { extname } from 'node:path';
import type { SourceFile } from '../contract.ts';
import { formats, type FileFormat } from './config.ts';

const byExtension: Record<string, FileFormat> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.parquet': 'parquet',
};

/** The format that the extension of a file's name tells, if any. */
export function formatByName(name: string): FileFormat | undefined {
  return byExtension[extname(name).toLowerCase()];
}

/** `path` without the extension of a known format. */
export function tableStem(path: string): string {
  return formatByName(path) === undefined ? path : path.slice(0, -extname(path).length);
}

/** The one format that the names of all files tell; throws when they tell none, or several. */
export function formatOfAll(files: readonly SourceFile[]): FileFormat {
  const [first, ...others] = files.map(({ name }) => ({ name, format: formatByName(name) }));
  const unknown = [first, ...others].find((file) => file?.format === undefined);
  if (first?.format === undefined || unknown) {
    const name = unknown?.name ?? '';
    throw new Error(
      `The format of ${name} cannot be told from its name; set the option format to ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}.`,
    );
  }
  const other = others.find(({ format }) => format !== first.format);
  if (other === undefined) return first.format;
  throw new Error(
    `${first.name} is ${first.format}, but ${other.name} is ${other.format}; narrow the path to files of one format.`,
  );
}
