import { findCsvFault, findRecordLine } from './extraction-csv-scan.ts';
import { readCsvShape, type CsvShape, type SourceFile } from './extraction-csv-shape.ts';
import {
  conversionTo,
  detectedType,
  detectKinds,
  refuseBadFormats,
  type Conversion,
  type TimeFormats,
} from './extraction-csv-types.ts';
import { BadRowError, resourceFailure, UnreadableFileError } from './extraction-errors.ts';
import type { Session } from './extraction-session.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import { quoteIdentifier, quoteLiteral, quotePath } from './identifier.ts';
import { writeParquet } from './parquet.ts';

/** How to read a delimited text file. What is left out is detected over the whole file; a header is expected. */
export interface CsvFormat extends TimeFormats {
  /** One ASCII character. */
  delimiter?: string;
  header?: boolean;
  /** Column name to type, for columns that shall not be detected. */
  types?: Record<string, string>;
  /** Means NULL, besides the empty value. */
  nullText?: string;
}

interface CsvFile {
  session: Session;
  file: SourceFile;
  shape: CsvShape;
  /** Every value of the file as text, in columns c0, c1…; refuses a record that is broken. */
  relation: string;
}

/** Writes a delimited file's rows to the Parquet file `target`. Every row arrives, or a `BadRowError` tells which does not. */
export async function convertCsv(
  session: Session,
  source: { file: SourceFile; format: CsvFormat; target: string },
): Promise<number> {
  const { file, format } = source;
  refuseBadDelimiter(format.delimiter);
  await refuseBadFormats(format, (text) => isTimeFormat(session, text));
  const shape = await readCsvShape(file, format);
  const csv = { session, file, shape, relation: csvRelation(file, shape, format.nullText) };
  const conversions = await chooseConversions(csv, format);
  const values = conversions.map(
    ({ convert }, index) => `${convert(`c${index}`)} AS ${quoteIdentifier(shape.columns[index] ?? '')}`,
  );
  return readingCsv(csv, () =>
    writeParquet(session, `SELECT ${values.join(', ')} FROM ${csv.relation}`, source.target),
  );
}

/** DuckDB detects nothing here: its detection drops rows that do not fit the layout it guesses. */
function csvRelation(file: SourceFile, shape: CsvShape, nullText = ''): string {
  const columns = shape.columns.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const nulls = [...new Set(['', nullText])].map(quoteLiteral).join(', ');
  return `read_csv(${quotePath(file.path)}, auto_detect = false, strict_mode = true, null_padding = false,
    ignore_errors = false, hive_partitioning = false, compression = 'none', quote = '"', escape = '"',
    delim = ${quoteLiteral(shape.delimiter)}, header = ${shape.header}, nullstr = [${nulls}], columns = {${columns}})`;
}

/** One pass over the file: detects the columns that `types` does not name, checks the others. */
async function chooseConversions(csv: CsvFile, format: CsvFormat): Promise<Conversion[]> {
  refuseUnknownColumns(csv.shape, format.types ?? {});
  const given = csv.shape.columns.map((name) => {
    const type = format.types?.[name];
    return type === undefined ? undefined : conversionTo(type, format, `types.${name}`);
  });
  const looks = given.map((conversion, index) => {
    const value = `c${index}`;
    const look = conversion ? `count_if(${misfit(conversion, value)})` : detectKinds(value, format);
    return `${look}::DOUBLE AS ${value}`;
  });
  const [found] = await readingCsv(csv, () => csv.session.query(`SELECT ${looks.join(', ')} FROM ${csv.relation}`));
  const misfits = given.flatMap((conversion, index) =>
    conversion && Number(found?.[`c${index}`] ?? 0) > 0 ? [{ conversion, index }] : [],
  );
  if (misfits.length > 0) throw await firstMisfit(csv, misfits);
  return given.map(
    (conversion, index) =>
      conversion ?? conversionTo(detectedType(Number(found?.[`c${index}`] ?? 0), format), format, ''),
  );
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

function refuseUnknownColumns(shape: CsvShape, types: Record<string, string>): void {
  const unknown = Object.keys(types).filter((name) => !shape.columns.includes(name));
  if (unknown.length === 0) return;
  const known = shape.columns.map((name) => `"${name}"`).join(', ');
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

async function isTimeFormat(session: Session, format: string): Promise<boolean> {
  try {
    await session.query(`SELECT try_strptime('', ${quoteLiteral(format)})`);
    return true;
  } catch (error) {
    session.signal.throwIfAborted();
    if (resourceFailure(error)) throw error;
    return false;
  }
}
