import { agreeOnColumns, type AgreedColumn } from './extraction-columns.ts';
import type { SourceFile } from './extraction-csv-shape.ts';
import { resourceFailure, UnreadableFileError } from './extraction-errors.ts';
import type { FolderColumns } from './extraction-folder-columns.ts';
import { writeParts } from './extraction-parts.ts';
import type { Session } from './extraction-session.ts';
import { quoteIdentifier, quotePath } from './identifier.ts';
import { parquetColumns, type Column } from './parquet.ts';

interface ParquetFile {
  file: SourceFile;
  name: string;
  columns: Column[];
}

/**
 * Writes the rows of Parquet files, in their order, to the one Parquet file `target`. Columns are matched by name, in any
 * case; the types of one name must be equal, or whole numbers with a sign, of which the widest is taken.
 */
export async function convertParquet(
  session: Session,
  source: { files: readonly SourceFile[]; target: string; folderColumns: FolderColumns },
): Promise<number> {
  const opened: ParquetFile[] = [];
  for (const file of source.files) {
    const columns = await reading(session, file, () => parquetColumns(session, [file.path]));
    opened.push({ file, name: file.name, columns });
  }
  const agreed = agreeOnColumns(opened);
  const parts = opened.map(({ file, columns }) => ({
    file,
    select: `SELECT ${selectValues(agreed, columns)} FROM read_parquet(${quotePath(file.path)}, hive_partitioning = false)`,
    read: (write: () => Promise<number>) => reading(session, file, write),
  }));
  return writeParts(session, { ...source, parts, columns: [...agreed.values()].map(({ name }) => name) });
}

function selectValues(agreed: Map<string, AgreedColumn>, columns: readonly Column[]): string {
  const types = new Map(columns.map(({ name, type }) => [name.toLowerCase(), type]));
  const values = [...agreed].map(([key, { name, type }]) => {
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
