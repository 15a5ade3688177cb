import type { SourceFile } from './extraction-csv-shape.ts';
import { resourceFailure, UnreadableFileError } from './extraction-errors.ts';
import type { Session } from './extraction-session.ts';
import { quoteIdentifier, quotePath } from './identifier.ts';
import { writeParts } from './extraction-parts.ts';
import { parquetColumns } from './parquet.ts';

interface ParquetFile {
  file: SourceFile;
  /** Column name, in lower case, to type. */
  types: Map<string, string>;
  names: string[];
}

/**
 * Writes the rows of Parquet files, in their order, to the one Parquet file `target`. Columns are matched by name, in any
 * case; the types of one name must be equal, or whole numbers with a sign, of which the widest is taken.
 */
export async function convertParquet(
  session: Session,
  source: { files: readonly SourceFile[]; target: string },
): Promise<number> {
  const opened: ParquetFile[] = [];
  for (const file of source.files) {
    const columns = await reading(session, file, () => parquetColumns(session, [file.path]));
    const types = new Map(columns.map(({ name, type }) => [name.toLowerCase(), type]));
    opened.push({ file, types, names: columns.map(({ name }) => name) });
  }
  const columns = agreeOnTypes(opened);
  const parts = opened.map(({ file, types }) => ({
    select: `SELECT ${selectValues(columns, types)} FROM read_parquet(${quotePath(file.path)}, hive_partitioning = false)`,
    read: (write: () => Promise<number>) => reading(session, file, write),
  }));
  return writeParts(session, parts, source.target);
}

interface AgreedColumn {
  name: string;
  type: string;
  /** The file that the type is from. */
  from: string;
}

function agreeOnTypes(opened: readonly ParquetFile[]): Map<string, AgreedColumn> {
  const columns = new Map<string, AgreedColumn>();
  for (const { file, types, names } of opened) {
    for (const name of names) {
      const type = types.get(name.toLowerCase()) ?? '';
      const known = columns.get(name.toLowerCase());
      const wider = known === undefined ? type : widerType(known.type, type);
      if (wider === undefined) {
        throw new UnreadableFileError(
          `The column "${name}" is ${type} in ${file.name}, but ${known?.type} in ${known?.from}; write it with one type.`,
        );
      }
      if (wider !== known?.type) columns.set(name.toLowerCase(), { name: known?.name ?? name, type, from: file.name });
    }
  }
  return columns;
}

const wholeNumbers = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];

function widerType(one: string, other: string): string | undefined {
  if (one === other) return one;
  const widths = [wholeNumbers.indexOf(one), wholeNumbers.indexOf(other)];
  return widths.includes(-1) ? undefined : wholeNumbers[Math.max(...widths)];
}

function selectValues(columns: Map<string, AgreedColumn>, types: Map<string, string>): string {
  const values = [...columns].map(([key, { name, type }]) => {
    const own = types.get(key);
    if (own === undefined) return `NULL::${type} AS ${quoteIdentifier(name)}`;
    if (own === type) return `${quoteIdentifier(name)} AS ${quoteIdentifier(name)}`;
    return `${quoteIdentifier(name)}::${type} AS ${quoteIdentifier(name)}`;
  });
  return values.join(', ');
}

async function reading<Result>(session: Session, file: SourceFile, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    session.signal.throwIfAborted();
    if (resourceFailure(error)) throw error;
    throw new UnreadableFileError(`${file.name} is not a readable Parquet file; write it again.`, String(error));
  }
}
