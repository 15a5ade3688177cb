import { quoteLiteral, quotePath, quotePaths } from './identifier.ts';
import type { Session } from './extraction-session.ts';

/** One column as DuckDB names its type. */
export interface Column {
  name: string;
  type: string;
}

/** The first rows of a table: what they take on disk says how large its row groups are. */
const sampleRows = 20_480;
/** A row group aims at this many bytes: whoever holds the file before an append fetches its last row group again. */
const rowGroupBytes = 2_000_000;
const leastRows = 2_048;
const mostRows = 122_880;

/** Writes the rows of `select` to the Parquet file `target`; the same rows give the same bytes. Resolves to their count. */
export async function writeParquet(session: Session, select: string, target: string): Promise<number> {
  const sample = await copy(session, { select: `FROM (${select}) LIMIT ${sampleRows}`, target, rowGroup: mostRows });
  if (sample.rows < sampleRows) return sample.rows;
  const { rows } = await copy(session, { select, target, rowGroup: rowGroupOf(sample.bytes / sampleRows) });
  return rows;
}

/** Depends on the first rows alone, in steps of two, so that a table that grows keeps its row groups. */
function rowGroupOf(bytesPerRow: number): number {
  const fitting = leastRows * 2 ** Math.floor(Math.log2(rowGroupBytes / bytesPerRow / leastRows));
  return Math.min(mostRows, Math.max(leastRows, fitting));
}

async function copy(
  session: Session,
  { select, target, rowGroup }: { select: string; target: string; rowGroup: number },
): Promise<{ rows: number; bytes: number }> {
  const [stats] = await session.query(
    `COPY (${select}) TO ${quoteLiteral(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup}, RETURN_STATS)`,
  );
  return { rows: Number(stats?.['count'] ?? 0), bytes: Number(stats?.['file_size_bytes'] ?? 0) };
}

/** The relation over `files` (absolute paths) as SQL: columns are matched by name, and NULL where a file lacks one. */
export function parquetRelation(files: readonly string[]): string {
  return `read_parquet(${quotePaths(files)}, union_by_name = true, hive_partitioning = false)`;
}

/** The number of rows that the footer of `file` tells; rejects when it is no whole Parquet file. */
export async function countParquetRows(session: Session, file: string): Promise<number> {
  const [footer] = await session.query(`SELECT num_rows FROM parquet_file_metadata(${quotePath(file)})`);
  return Number(footer?.['num_rows'] ?? 0);
}

/** The columns of `files` taken together; rejects when one is no Parquet file. */
export async function parquetColumns(session: Session, files: readonly string[]): Promise<Column[]> {
  const rows = await session.query(`DESCRIBE SELECT * FROM ${parquetRelation(files)}`);
  return rows.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
}
