import { agreeOnColumns, type AgreedColumn } from './extraction-columns.ts';
import type { SourceFile } from './extraction-csv-shape.ts';
import { asExtractionFailure, resourceFailure, UnreadableFileError } from './extraction-errors.ts';
import type { FolderColumns } from './extraction-folder-columns.ts';
import { writeParts } from './extraction-parts.ts';
import { openSession, type Session } from './extraction-session.ts';
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
  const { opened, agreed } = await openFiles(session, source.files);
  const parts = opened.map(({ file, columns }) => ({
    file,
    select: `SELECT ${selectValues(agreed, columns)} FROM read_parquet(${quotePath(file.path)}, hive_partitioning = false)`,
    read: (write: () => Promise<number>) => reading(session, file, write),
  }));
  return writeParts(session, { ...source, parts, columns: [...agreed.values()].map(({ name }) => name) });
}

/** Whether the files can be opened and taken together; throws an `ExtractionError` otherwise. Rows are not read, and nothing is written. */
export async function inspectParquet(files: readonly SourceFile[]): Promise<void> {
  const session = await openSession({ temporaryFolder: '', memoryLimitMb: 512, signal: new AbortController().signal });
  try {
    await openFiles(session, files);
  } catch (error) {
    throw asExtractionFailure(error);
  } finally {
    await session.close();
  }
}

async function openFiles(
  session: Session,
  files: readonly SourceFile[],
): Promise<{ opened: ParquetFile[]; agreed: Map<string, AgreedColumn> }> {
  const opened: ParquetFile[] = [];
  for (const file of files) {
    const columns = await reading(session, file, () => parquetColumns(session, [file.path]));
    opened.push({ file, name: file.name, columns });
  }
  return { opened, agreed: agreeOnColumns(opened) };
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
