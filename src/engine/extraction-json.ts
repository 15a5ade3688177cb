import type { SourceFile } from './extraction-csv-shape.ts';
import { UnreadableFileError } from './extraction-errors.ts';
import { badJsonRow, jsonValue, jsonValues, openJson, readingJson, type JsonFile } from './extraction-json-file.ts';
import { chooseStructures } from './extraction-json-nested.ts';
import { detectedJsonType, detectJsonKinds, jsonConversionTo, type JsonConversion } from './extraction-json-types.ts';
import type { FolderColumns } from './extraction-folder-columns.ts';
import { writeParts } from './extraction-parts.ts';
import type { Session } from './extraction-session.ts';
import { refuseBadFormats, type TimeFormats } from './extraction-time-formats.ts';
import { quoteIdentifier } from './identifier.ts';

/** How to read JSON: an array of objects, or one object on each line; what is left out is detected over the whole file. */
export interface JsonFormat extends TimeFormats {
  /** Only one object on each line will do. */
  lines?: boolean;
  /** Column name to type, for columns that shall not be detected; they are there even when no object has them. */
  types?: Record<string, string>;
}

/** A column of the table, and what is known of its values. */
interface JsonColumn {
  key: string;
  name: string;
  given: JsonConversion | undefined;
  kinds: number;
}

/**
 * Writes the objects of JSON files, in their order, to the one Parquet file `target`. A column is a key, with one type over
 * all files; where it is missing it is NULL. Every object arrives, or a `BadRowError` tells which does not.
 */
export async function convertJson(
  session: Session,
  source: { files: readonly SourceFile[]; format: JsonFormat; target: string; folderColumns: FolderColumns },
): Promise<number> {
  const { files, format } = source;
  await refuseBadFormats(session, format);
  const opened: JsonFile[] = [];
  for (const file of files) opened.push(await openJson(session, file, format.lines ?? false));
  const columns = listColumns(opened, format);
  for (const json of opened) await lookAt(json, columns, format);
  const typed = await chooseConversions(opened, columns, format);
  const parts = opened.map((json) => ({
    file: json.file,
    select: selectTyped(json, typed),
    read: (write: () => Promise<number>) => readingJson(json, () => writeWhole(json, write)),
  }));
  return writeParts(session, { ...source, parts, columns: columns.map(({ name }) => name) });
}

function listColumns(opened: readonly JsonFile[], format: JsonFormat): JsonColumn[] {
  const types = format.types ?? {};
  const keys = [...new Set([...opened.flatMap((json) => json.keys), ...Object.keys(types)])];
  if (keys.length === 0) {
    const name = opened[0]?.file.name ?? '';
    throw new UnreadableFileError(`${name} has no object with a key, so no columns; name them in the option types.`);
  }
  const taken = new Set<string>();
  return keys.map((key) => {
    const name = nameColumn(key, taken);
    const type = Object.hasOwn(types, key) ? types[key] : undefined;
    const given = type === undefined ? undefined : jsonConversionTo(type, format, `types.${key}`);
    return { key, name, given, kinds: 0 };
  });
}

/** A key that differs from an earlier one only by case gets `_1`, `_2`…; an empty one is called `column`. */
function nameColumn(key: string, taken: Set<string>): string {
  const wanted = key.trim() === '' ? 'column' : key;
  let name = wanted;
  for (let count = 1; taken.has(name.toLowerCase()); count += 1) name = `${wanted}_${count}`;
  taken.add(name.toLowerCase());
  return name;
}

/** One pass over a file: notes the kinds of value in columns whose type is not given, checks the others. */
async function lookAt(json: JsonFile, columns: readonly JsonColumn[], format: JsonFormat): Promise<void> {
  const own = columns.flatMap((column) => {
    const value = jsonValue(json, column.key);
    return value ? [{ column, value }] : [];
  });
  if (own.length === 0) return;
  const looks = own.map(({ column: { given }, value }, index) => {
    const misfit = given && `${value.text} IS NOT NULL AND NOT (${given.fits(value)})`;
    return `${misfit ? `min(row) FILTER (${misfit})` : detectJsonKinds(value, format)}::DOUBLE AS c${index}`;
  });
  const select = `SELECT ${looks.join(', ')} FROM ${jsonValues(json)}`;
  const [found] = await readingJson(json, () => json.session.query(select));
  const misfits: { row: number; column: JsonColumn }[] = [];
  for (const [index, { column }] of own.entries()) {
    const look = Number(found?.[`c${index}`] ?? 0);
    if (column.given === undefined) column.kinds |= look;
    else if (look > 0) misfits.push({ row: look, column });
  }
  const [first] = misfits.toSorted((one, other) => one.row - other.row);
  if (first === undefined) return;
  const { column, row } = first;
  const reason = `the value of "${column.key}" is not a ${column.given?.type}; mend it, or choose another type for the column.`;
  throw await badJsonRow(json, row, reason);
}

async function chooseConversions(
  opened: readonly JsonFile[],
  columns: readonly JsonColumn[],
  format: JsonFormat,
): Promise<Map<JsonColumn, JsonConversion>> {
  const types = new Map(columns.map((column) => [column, detectedJsonType(column.kinds, format)]));
  const nested = columns.filter((column) => column.given === undefined && types.get(column) === 'nested');
  const keys = nested.map(({ key }) => key);
  const structures = await chooseStructures(opened, keys);
  return new Map(
    columns.map((column) => {
      const found = column.given ?? structures.get(column.key);
      return [column, found ?? jsonConversionTo(types.get(column) ?? '', format, '')];
    }),
  );
}

function selectTyped(json: JsonFile, typed: Map<JsonColumn, JsonConversion>): string {
  const missing = { text: 'NULL::VARCHAR', type: 'NULL::VARCHAR' };
  const values = [...typed].map(
    ([{ key, name }, { convert }]) => `${convert(jsonValue(json, key) ?? missing)} AS ${quoteIdentifier(name)}`,
  );
  return `SELECT ${values.join(', ')} FROM ${jsonValues(json)}`;
}

/** Our own scan and DuckDB count the objects independently of each other. */
async function writeWhole(json: JsonFile, write: () => Promise<number>): Promise<number> {
  const rows = await write();
  if (rows !== json.records) throw new Error(`${json.records} objects were found, ${rows} rows were written`);
  return rows;
}
