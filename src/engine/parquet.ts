import { quoteLiteral, quotePath, quotePaths } from './identifier.ts';
import type { Session } from './extraction-session.ts';

/** One column as DuckDB names its type. */
export interface Column {
  name: string;
  type: string;
}

/** Writes the rows of `select` to the Parquet file `target`; the same rows give the same bytes. Resolves to their count. */
export async function writeParquet(session: Session, select: string, target: string): Promise<number> {
  const [stats] = await session.query(
    `COPY (${select}) TO ${quoteLiteral(target)} (FORMAT parquet, COMPRESSION zstd, RETURN_STATS)`,
  );
  return Number(stats?.['count'] ?? 0);
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
