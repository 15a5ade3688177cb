import type { SourceFile } from './extraction-csv-shape.ts';
import { BadRowError, resourceFailure, UnreadableFileError } from './extraction-errors.ts';
import { findBrokenObject, findJsonLine } from './extraction-json-fault.ts';
import {
  largestObjectBytes,
  readJsonLayout,
  scanJson,
  type JsonFault,
  type JsonLayout,
} from './extraction-json-scan.ts';
import type { JsonValue } from './extraction-json-types.ts';
import type { Session } from './extraction-session.ts';
import { quoteLiteral, quoteLiterals, quotePath } from './identifier.ts';

/** One scanned JSON file of a table. */
export interface JsonFile {
  session: Session;
  file: SourceFile;
  layout: JsonLayout;
  records: number;
  /** Its objects as text, one in each row of the column `json`. */
  relation: string;
  /** Its keys, in the order in which they first appear. */
  keys: string[];
}

const mostKeys = 2000;

/** Scans a file and lists its keys; throws a `BadRowError` for the first object that cannot be a row. */
export async function openJson(session: Session, file: SourceFile, lines: boolean): Promise<JsonFile> {
  const layout = await readJsonLayout(file, lines);
  const { records, fault } = await scanJson({ path: file.path, layout, signal: session.signal });
  const json = { session, file, layout, records, relation: jsonRelation(file, layout), keys: [] };
  if (fault) throw badObject(json, fault);
  return { ...json, keys: await listKeys(json) };
}

/**
 * SQL over the values of `keys` in each object, in columns `x` (texts) and `t` (types); with the object's number, from 1, in
 * `row`. DuckDB's own reading into columns is not used: it rounds large numbers, drops time zones, and ends the process on
 * deep nesting.
 */
export function jsonValues(json: JsonFile): string {
  const pointers = quoteLiterals(json.keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  const values =
    json.keys.length === 0 ? '' : `, json_extract_string(json, ${pointers}) AS x, json_type(json, ${pointers}) AS t`;
  return `(SELECT row_number() OVER () AS row ${values} FROM ${json.relation})`;
}

/** How SQL over `jsonValues` calls the value of `key`; undefined when the file does not have it. */
export function jsonValue(json: JsonFile, key: string): JsonValue | undefined {
  const place = json.keys.indexOf(key) + 1;
  return place === 0 ? undefined : { text: `x[${place}]`, type: `t[${place}]` };
}

/** Runs `read`; when DuckDB refuses the file, finds the object at fault by reading it again ourselves. */
export async function readingJson<Result>(json: JsonFile, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (json.session.signal.aborted || resourceFailure(error)) throw error;
    const fault = await findBrokenObject(scanOf(json));
    if (fault) throw badObject(json, fault, String(error));
    throw new UnreadableFileError(`${json.file.name} cannot be read as JSON.`, String(error));
  }
}

/** The failure that tells why the object with the number `row` (from 1) cannot be a row of the table. */
export async function badJsonRow(json: JsonFile, row: number, reason: string): Promise<BadRowError> {
  const line = await findJsonLine(scanOf(json), row - 1);
  return badObject(json, { index: row - 1, line, reason });
}

function jsonRelation(file: SourceFile, layout: JsonLayout): string {
  // DuckDB reads a byte order mark in lines only when it may expect anything.
  const lines = layout.start === 0 ? 'newline_delimited' : 'unstructured';
  const format = quoteLiteral(layout.kind === 'array' ? 'array' : lines);
  return `read_json_objects(${quotePath(file.path)}, format = ${format}, compression = 'uncompressed',
    maximum_object_size = ${largestObjectBytes + 1_000_000}, hive_partitioning = false, ignore_errors = false)`;
}

async function listKeys(json: JsonFile): Promise<string[]> {
  const rows = await readingJson(json, () =>
    json.session.query(
      `SELECT key, min(first * 65536 + place)::DOUBLE AS place, min(first) FILTER (repeats)::DOUBLE AS repeated
       FROM (SELECT first, unnest(keys) AS key, generate_subscripts(keys, 1) AS place,
                    len(keys) <> len(list_distinct(keys)) AS repeats
             FROM (SELECT keys, min(row) AS first
                   FROM (SELECT row_number() OVER () AS row, json_keys(json) AS keys FROM ${json.relation}) GROUP BY keys))
       GROUP BY key ORDER BY place LIMIT ${mostKeys + 1}`,
    ),
  );
  if (rows.length > mostKeys) {
    const advice = 'put what is not the same in each object below one key.';
    throw new UnreadableFileError(`${json.file.name} has more than ${mostKeys} different keys; ${advice}`);
  }
  const repeated = rows.flatMap((row) => (row['repeated'] === null ? [] : [Number(row['repeated'])]));
  if (repeated.length > 0) throw await badJsonRow(json, Math.min(...repeated), 'a key is there twice; remove one.');
  const keys = rows.map((row) => String(row['key']));
  const nul = keys.findIndex((key) => key.includes('\0'));
  if (nul !== -1) {
    const row = Math.floor(Number(rows[nul]?.['place']) / 65536);
    throw await badJsonRow(json, row, 'a key holds a NUL character; rename it.');
  }
  return keys;
}

/** In an array all objects may stand on one line, so that their number is told too. */
function badObject(json: Pick<JsonFile, 'file' | 'layout'>, fault: JsonFault, detail?: string): BadRowError {
  const reason = json.layout.kind === 'array' ? `object ${fault.index + 1}: ${fault.reason}` : fault.reason;
  return new BadRowError({ file: json.file.name, line: fault.line, reason }, detail);
}

function scanOf({ file, layout, session }: JsonFile) {
  return { path: file.path, layout, signal: session.signal };
}
