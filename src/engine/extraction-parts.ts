import { rm } from 'node:fs/promises';
import type { Session } from './extraction-session.ts';
import { quotePaths } from './identifier.ts';
import { writeParquet } from './parquet.ts';

/** The rows of one source file: all parts of a table have the same columns, in name, type and order. */
export interface Part {
  select: string;
  /** Runs the writing of this part, and tells of the file when that fails. */
  read(write: () => Promise<number>): Promise<number>;
}

/** Writes the rows of all parts, in their order, to the one Parquet file `target`; resolves to their count. */
export async function writeParts(session: Session, parts: readonly Part[], target: string): Promise<number> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only.read(() => writeParquet(session, only.select, target));
  const paths = parts.map((_, index) => `${target}.${index + 1}`);
  for (const [index, part] of parts.entries()) {
    await part.read(() => writeParquet(session, part.select, paths[index] ?? ''));
  }
  const relation = `read_parquet(${quotePaths(paths)}, hive_partitioning = false)`;
  const rows = await writeParquet(session, `SELECT * FROM ${relation}`, target);
  for (const path of paths) await rm(path, { force: true });
  return rows;
}
