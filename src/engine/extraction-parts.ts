import { rm } from 'node:fs/promises';
import type { SourceFile } from './extraction-csv-shape.ts';
import type { FolderColumns } from './extraction-folder-columns.ts';
import type { Session } from './extraction-session.ts';
import { quotePaths } from './identifier.ts';
import { writeParquet } from './parquet.ts';

/** The rows of one source file: all parts of a table have the same columns, in name, type and order. */
export interface Part {
  file: SourceFile;
  select: string;
  /** Runs the writing of this part, and tells of the file when that fails. */
  read(write: () => Promise<number>): Promise<number>;
}

/** Writes the rows of all parts, in their order, to the one Parquet file `target`; resolves to their count. */
export async function writeParts(
  session: Session,
  given: { parts: readonly Part[]; columns: readonly string[]; folderColumns: FolderColumns; target: string },
): Promise<number> {
  const { parts, folderColumns, target } = given;
  folderColumns.refuseRepeated(given.columns);
  const paths = parts.map((_, index) => (parts.length === 1 ? target : `${target}.${index + 1}`));
  let rows = 0;
  for (const [index, { file, select, read }] of parts.entries()) {
    rows = await read(() => writeParquet(session, folderColumns.addTo(select, file), paths[index] ?? ''));
  }
  if (parts.length === 1) return rows;
  const relation = `read_parquet(${quotePaths(paths)}, hive_partitioning = false)`;
  rows = await writeParquet(session, `SELECT * FROM ${relation}`, target);
  for (const path of paths) await rm(path, { force: true });
  return rows;
}
