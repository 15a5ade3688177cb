import { agreeOnColumns } from './extraction-columns.ts';
import { ExtractionError, UnreadableFileError } from './extraction-errors.ts';
import type { HeldFile, Merged } from './extraction-increment.ts';
import type { Session } from './extraction-session.ts';
import { parquetColumns, parquetRelation, writeParquet } from './parquet.ts';

/** Rows that an extraction wrote. */
export interface StagedRows {
  path: string;
  /** How messages call the file. */
  name: string;
  rows: number;
  partition?: string;
}

interface Partitions {
  table: string;
  held: readonly HeldFile[];
  staged: readonly StagedRows[];
  named: ReadonlySet<string>;
  target: string;
}

/** Throws for a name that is not `[A-Za-z0-9_=.-]{1,128}`. */
export function refuseBadPartition(name: string): void {
  if (/^[A-Za-z0-9_=.-]{1,128}$/.test(name)) return;
  throw new ExtractionError(`${JSON.stringify(name)} is not the name of a partition`);
}

/**
 * Replaces the partitions that were named and keeps the others. One without rows has no file, but a table has at least one,
 * which tells its columns.
 */
export async function joinPartitions(session: Session, given: Partitions): Promise<Merged> {
  const { table, held, staged, named } = given;
  if (staged.some(({ partition }) => partition === undefined)) {
    throw new ExtractionError(`${table}: rows were written outside of the partitions`);
  }
  const kept = held.filter(({ partition = '' }) => !named.has(partition));
  const full = staged.filter(({ rows }) => rows > 0);
  if (kept.length > 0 && full.length > 0) await refuseOtherColumns(session, { kept, staged: full });
  if (kept.length + full.length > 0) return { kept, staged: full };
  return { kept, staged: [staged[0] ?? (await emptied(session, given))] };
}

async function refuseOtherColumns(
  session: Session,
  { kept, staged }: { kept: readonly HeldFile[]; staged: readonly StagedRows[] },
): Promise<void> {
  const paths = kept.map(({ path }) => path);
  const files = [{ name: 'the partitions that are here', columns: await parquetColumns(session, paths) }];
  for (const { name, path } of staged) files.push({ name, columns: await parquetColumns(session, [path]) });
  agreeOnColumns(files);
}

/** The columns of a table that has lost its last row. */
async function emptied(session: Session, { table, held, target }: Partitions): Promise<StagedRows> {
  const [last] = held;
  if (!last) throw new UnreadableFileError(`The source delivered no file for the table ${table}.`);
  const relation = parquetRelation(held.map(({ path }) => path));
  const rows = await writeParquet(session, `SELECT * FROM ${relation} LIMIT 0`, target);
  return { path: target, name: table, rows, ...(last.partition !== undefined && { partition: last.partition }) };
}
