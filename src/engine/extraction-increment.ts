import { ExtractionError, UnreadableFileError } from './extraction-errors.ts';
import type { Session } from './extraction-session.ts';
import { quoteIdentifier } from './identifier.ts';
import { parquetColumns, parquetRelation, writeParquet, type Column } from './parquet.ts';

/** A Parquet file that a publication wrote. */
export interface HeldFile {
  path: string;
  sha256: string;
  sizeBytes: number;
  rows: number;
  partition?: string;
}

/** What a table holds, and that new rows are to be added to it. */
export interface Increment {
  /** The files of the last good sync. */
  files: readonly HeldFile[];
  /** Rows that are equal in these columns are one row, the newest; without any, every row is added. */
  primaryKey: readonly string[];
  /** By which the newest is told; without it the row that was written last is the newest. */
  watermarkColumn?: string;
}

/** Which held files stay, and which staged files are to be published beside them. */
export interface Merged {
  kept: readonly HeldFile[];
  staged: { path: string; rows: number; partition?: string }[];
}

/** With more files a table is written anew as one. */
const mostFiles = 20;

/**
 * Adds the staged rows to those that the table holds. Without a primary key the held files stay and the new ones stand
 * beside them; otherwise, and when columns or the number of files ask for it, one file takes the place of all. Keyed rows that
 * the table holds already change nothing.
 */
export async function mergeIncrement(
  session: Session,
  given: { increment: Increment; staged: readonly { path: string; rows: number }[]; target: string },
): Promise<Merged> {
  const { increment, target } = given;
  const kept = increment.files;
  const staged = given.staged.filter(({ rows }) => rows > 0);
  if (staged.length === 0) return { kept, staged: kept.length === 0 ? [...given.staged] : [] };
  if (kept.length === 0) return mergeStaged(session, { increment, staged, target });
  const held = { relation: parquetRelation(kept.map(({ path }) => path)), columns: await columnsOf(session, kept) };
  const fresh = {
    relation: parquetRelation(staged.map(({ path }) => path)),
    columns: await columnsOf(session, staged),
  };
  refuseMissing(fresh.columns, whatTellsApart(increment));
  refuseMissing(held.columns, increment.primaryKey);
  refuseOtherTypes(held.columns, fresh.columns);
  const sameColumns = sorted(held.columns) === sorted(fresh.columns);
  const isKeyed = increment.primaryKey.length > 0;
  if (sameColumns && isKeyed && (await addsNothing(session, { held, fresh }))) return { kept, staged: [] };
  if (sameColumns && !isKeyed && kept.length + staged.length <= mostFiles) return { kept, staged };
  const rows = await writeParquet(session, mergingSelect(increment, { held, fresh }), target);
  return { kept: [], staged: [{ path: target, rows }] };
}

/** The first rows of a table: one for each key. */
async function mergeStaged(
  session: Session,
  given: { increment: Increment; staged: { path: string; rows: number }[]; target: string },
): Promise<Merged> {
  const { increment, staged, target } = given;
  if (increment.primaryKey.length === 0) return { kept: [], staged };
  refuseMissing(await columnsOf(session, staged), whatTellsApart(increment));
  const relation = parquetRelation(staged.map(({ path }) => path));
  const keys = increment.primaryKey.map(quoteIdentifier).join(', ');
  const rows = await writeParquet(
    session,
    `SELECT * FROM (${newestRows(increment, relation)}) ORDER BY ${keys}`,
    target,
  );
  return { kept: [], staged: [{ path: target, rows }] };
}

function whatTellsApart({ watermarkColumn, primaryKey }: Increment): string[] {
  return watermarkColumn === undefined ? [...primaryKey] : [watermarkColumn, ...primaryKey];
}

interface Rows {
  relation: string;
  columns: readonly Column[];
}

function mergingSelect(increment: Increment, { held, fresh }: { held: Rows; fresh: Rows }): string {
  const { primaryKey } = increment;
  if (primaryKey.length === 0)
    return `SELECT * FROM ${held.relation} UNION ALL BY NAME SELECT * FROM ${fresh.relation}`;
  const keys = primaryKey.map(quoteIdentifier);
  const newest = newestRows(increment, fresh.relation);
  const match = keys.map((key) => `held.${key} IS NOT DISTINCT FROM fresh.${key}`).join(' AND ');
  const untouched = `SELECT * FROM ${held.relation} AS held WHERE NOT EXISTS (
    SELECT 1 FROM ${fresh.relation} AS fresh WHERE ${match})`;
  return `SELECT * FROM (${untouched} UNION ALL BY NAME ${newest}) ORDER BY ${keys.join(', ')}`;
}

/** Of the rows of `relation`, Parquet files in the order in which they were written, the newest for each key. */
function newestRows({ primaryKey, watermarkColumn }: Increment, relation: string): string {
  const keys = primaryKey.map(quoteIdentifier).join(', ');
  const written = 'file_index DESC, file_row_number DESC';
  const order =
    watermarkColumn === undefined ? written : `${quoteIdentifier(watermarkColumn)} DESC NULLS LAST, ${written}`;
  return `SELECT * FROM ${relation} QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}) = 1`;
}

async function addsNothing(session: Session, { held, fresh }: { held: Rows; fresh: Rows }): Promise<boolean> {
  const columns = fresh.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const added = await session.query(
    `SELECT 1 AS added FROM (SELECT ${columns} FROM ${fresh.relation}
      EXCEPT SELECT ${columns} FROM ${held.relation}) LIMIT 1`,
  );
  return added.length === 0;
}

/** How far the rows of these files reach in `column`, as text; null when they hold no value there. */
export async function readWatermark(
  session: Session,
  given: { files: readonly { path: string }[]; columns: readonly Column[]; column: string },
): Promise<string | null> {
  const { files, columns, column } = given;
  refuseMissing(columns, [column]);
  const relation = parquetRelation(files.map(({ path }) => path));
  const [row] = await session.query(`SELECT max(${quoteIdentifier(column)})::VARCHAR AS watermark FROM ${relation}`);
  if (!row) throw new ExtractionError('max() answered with no row');
  return row['watermark'] as string | null;
}

function columnsOf(session: Session, files: readonly { path: string }[]): Promise<Column[]> {
  return parquetColumns(
    session,
    files.map(({ path }) => path),
  );
}

function refuseMissing(columns: readonly Column[], wanted: readonly string[]): void {
  const missing = wanted.find((name) => !columns.some((column) => column.name === name));
  if (missing === undefined) return;
  throw new UnreadableFileError(
    `The rows have no column ${JSON.stringify(missing)}, by which they are to be told apart; they have ${columns.map(({ name }) => JSON.stringify(name)).join(', ')}.`,
  );
}

/** DuckDB would bring both to a common type, such as BIGINT and DOUBLE to DOUBLE, which loses digits. */
function refuseOtherTypes(held: readonly Column[], fresh: readonly Column[]): void {
  for (const { name, type } of fresh) {
    const before = held.find((column) => column.name === name)?.type;
    if (before === undefined || before === type) continue;
    throw new UnreadableFileError(
      `The column ${JSON.stringify(name)} held ${before} and has ${type} now; sync the table with a full refresh, or give the column a type.`,
    );
  }
}

function sorted(columns: readonly Column[]): string {
  return columns
    .map(({ name, type }) => `${name} ${type}`)
    .toSorted()
    .join('\n');
}
