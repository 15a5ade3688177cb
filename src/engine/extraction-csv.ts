import { findCsvFault, findRecordLine, findSurplusValue } from './extraction-csv-scan.ts';
import { readCsvShape, type CsvShape, type SourceFile } from './extraction-csv-shape.ts';
import { conversionTo, detectedType, detectKinds, type Conversion } from './extraction-csv-types.ts';
import { BadRowError, resourceFailure, UnreadableFileError } from './extraction-errors.ts';
import type { FolderColumns } from './extraction-folder-columns.ts';
import { writeParts } from './extraction-parts.ts';
import type { Session } from './extraction-session.ts';
import { refuseBadFormats, type TimeFormats } from './extraction-time-formats.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import { quoteIdentifier, quoteLiteral, quotePath } from './identifier.ts';

/** How to read a delimited text file. What is left out is detected over the whole file; a header is expected. */
export interface CsvFormat extends TimeFormats {
  /** One ASCII character. */
  delimiter?: string;
  header?: boolean;
  /** Column name to type, for columns that shall not be detected. */
  types?: Record<string, string>;
  /** Means NULL, besides the empty value. */
  nullText?: string;
  /** With `text` an empty value in quotation marks is an empty text in VARCHAR columns; otherwise it is NULL. */
  quotedEmpty?: 'text';
}

interface CsvFile {
  session: Session;
  file: SourceFile;
  shape: CsvShape;
  /** Every value of the file as text, in columns c0, c1…; refuses a record that is broken. */
  relation: string;
}

/** A column of the table: the name by which each file has it, in any case, and what is known of its values. */
interface CsvColumn {
  name: string;
  given: Conversion | undefined;
  kinds: number;
}

/**
 * Writes the rows of delimited files, in their order, to the one Parquet file `target`. Columns are matched by name and have
 * one type, detected over all files. Every row arrives, or a `BadRowError` tells which does not.
 */
export async function convertCsv(
  session: Session,
  source: { files: readonly SourceFile[]; format: CsvFormat; target: string; folderColumns: FolderColumns },
): Promise<number> {
  const { files, format } = source;
  refuseBadDelimiter(format.delimiter);
  await refuseBadFormats(session, format);
  const opened: CsvFile[] = [];
  for (const file of files) {
    const shape = await readCsvShape(file, format);
    opened.push({ session, file, shape, relation: csvRelation(file, shape, format) });
  }
  const columns = listColumns(opened, format);
  for (const csv of opened) {
    await lookAt(csv, columns, format);
    const surplus = await findSurplusValue(csv.file.path, scanShape(csv));
    if (surplus) throw new BadRowError({ file: csv.file.name, ...surplus });
  }
  const parts = opened.map((csv) => ({
    file: csv.file,
    select: selectTyped(csv, columns, format),
    read: (write: () => Promise<number>) => readingCsv(csv, write),
  }));
  return writeParts(session, { ...source, parts, columns: [...columns.values()].map(({ name }) => name) });
}

/** DuckDB detects nothing here: its detection drops rows that do not fit the layout it guesses. */
function csvRelation(file: SourceFile, shape: CsvShape, format: CsvFormat): string {
  const { nullText = '', quotedEmpty } = format;
  const columns = shape.columns.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const nulls = [...new Set(['', nullText])].map(quoteLiteral).join(', ');
  const relation = `read_csv(${quotePath(file.path)}, auto_detect = false, strict_mode = true, null_padding = false,
    ignore_errors = false, hive_partitioning = false, compression = 'none', quote = '"', escape = '"',
    delim = ${quoteLiteral(shape.delimiter)}, header = ${shape.header}, nullstr = [${nulls}],
    allow_quoted_nulls = ${quotedEmpty === undefined}, columns = {${columns}})`;
  if (quotedEmpty === undefined) return relation;
  const values = shape.columns.map((name, index) => {
    return format.types?.[name] === 'VARCHAR' ? `c${index}` : `nullif(c${index}, '') AS c${index}`;
  });
  return `(SELECT ${values.join(', ')} FROM ${relation})`;
}

/** The columns of all files, in the order in which they first appear; keyed by their names in lower case. */
function listColumns(opened: readonly CsvFile[], format: CsvFormat): Map<string, CsvColumn> {
  const columns = new Map<string, CsvColumn>();
  for (const name of opened.flatMap(({ shape }) => shape.columns)) {
    if (columns.has(name.toLowerCase())) continue;
    const type = format.types?.[name];
    const given = type === undefined ? undefined : conversionTo(type, format, `types.${name}`);
    columns.set(name.toLowerCase(), { name, given, kinds: 0 });
  }
  const names = [...columns.values()].map(({ name }) => name);
  refuseUnknownColumns(names, format.types ?? {});
  return columns;
}

/** One pass over a file: notes the kinds of value in columns whose type is not given, checks the others. */
async function lookAt(csv: CsvFile, columns: Map<string, CsvColumn>, format: CsvFormat): Promise<void> {
  const own = csv.shape.columns.flatMap((name) => columns.get(name.toLowerCase()) ?? []);
  const looks = own.map(({ given }, index) => {
    const value = `c${index}`;
    const look = given ? `count_if(${misfit(given, value)})` : detectKinds(value, format);
    return `${look}::DOUBLE AS ${value}`;
  });
  const [found] = await readingCsv(csv, () => csv.session.query(`SELECT ${looks.join(', ')} FROM ${csv.relation}`));
  const misfits: { conversion: Conversion; index: number }[] = [];
  for (const [index, column] of own.entries()) {
    const look = Number(found?.[`c${index}`] ?? 0);
    if (column.given === undefined) column.kinds |= look;
    else if (look > 0) misfits.push({ conversion: column.given, index });
  }
  if (misfits.length > 0) throw await firstMisfit(csv, misfits);
}

/** Every column of the table out of one file; NULL where the file does not have it. */
function selectTyped(csv: CsvFile, columns: Map<string, CsvColumn>, format: CsvFormat): string {
  const places = csv.shape.columns.map((name) => name.toLowerCase());
  const values = [...columns].map(([key, { name, given, kinds }]) => {
    const { type, convert } = given ?? conversionTo(detectedType(kinds, format), format, '');
    const index = places.indexOf(key);
    return `${index === -1 ? `NULL::${type}` : convert(`c${index}`)} AS ${quoteIdentifier(name)}`;
  });
  return `SELECT ${values.join(', ')} FROM ${csv.relation}`;
}

function misfit(conversion: Conversion, value: string): string {
  return `${value} IS NOT NULL AND NOT (${conversion.fits(value)})`;
}

async function firstMisfit(csv: CsvFile, misfits: { conversion: Conversion; index: number }[]): Promise<BadRowError> {
  const tests = misfits.map(({ conversion, index }) => `(${misfit(conversion, `c${index}`)}) AS m${index}`);
  const any = misfits.map(({ index }) => `m${index}`);
  const [row] = await csv.session.query(
    `SELECT * FROM (SELECT row_number() OVER () AS row, ${tests.join(', ')} FROM ${csv.relation})
     WHERE ${any.join(' OR ')} ORDER BY row LIMIT 1`,
  );
  const bad = misfits.find(({ index }) => row?.[`m${index}`] === true) ?? misfits[0];
  const records = Number(row?.['row'] ?? 1) - 1 + (csv.shape.header ? 1 : 0);
  const column = csv.shape.columns[bad?.index ?? 0] ?? '';
  return new BadRowError({
    file: csv.file.name,
    line: await findRecordLine(csv.file.path, scanShape(csv), records),
    reason: `the value of "${column}" is not a ${bad?.conversion.type}; mend it, or choose another type for the column.`,
  });
}

/** Runs `read`; when DuckDB refuses the file, finds the record at fault by reading it again ourselves. */
async function readingCsv<Result>(csv: CsvFile, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const text = String(error);
    if (csv.session.signal.aborted || resourceFailure(error)) throw error;
    const fault = await findCsvFault(csv.file.path, scanShape(csv));
    if (fault) throw new BadRowError({ file: csv.file.name, ...fault }, text);
    const line = Number(/CSV Error on Line: (\d+)/.exec(text)?.[1] ?? 0);
    if (line === 0) throw new UnreadableFileError(`${csv.file.name} cannot be read as delimited text.`, text);
    const reason = /line size/i.test(text) ? 'the row is longer than 2,000,000 bytes.' : 'the row cannot be read.';
    throw new BadRowError({ file: csv.file.name, line, reason }, text);
  }
}

function scanShape({ shape }: CsvFile): { delimiter: string; columns: number } {
  return { delimiter: shape.delimiter, columns: shape.columns.length };
}

function refuseUnknownColumns(names: readonly string[], types: Record<string, string>): void {
  const unknown = Object.keys(types).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  const known = names.map((name) => `"${name}"`).join(', ');
  throw new InvalidInputError(
    unknown.map((name) => ({ path: `types.${name}`, message: `the file has no such column; it has ${known}.` })),
  );
}

function refuseBadDelimiter(delimiter: string | undefined): void {
  if (delimiter === undefined || (/^[\t\x20-\x7e]$/.test(delimiter) && !/["\w]/.test(delimiter))) return;
  throw new InvalidInputError([
    { path: 'delimiter', message: 'the delimiter must be one character such as , ; | or a tab.' },
  ]);
}
