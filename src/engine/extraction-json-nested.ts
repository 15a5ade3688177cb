import { badJsonRow, jsonValue, jsonValues, readingJson, type JsonFile } from './extraction-json-file.ts';
import {
  hasLargeNumber,
  mergeStructures,
  repeatsKey,
  storedStructure,
  type Structure,
} from './extraction-json-structure.ts';
import { jsonConversionTo, type JsonConversion } from './extraction-json-types.ts';
import { quoteLiteral } from './identifier.ts';

const mostStructures = 10_000;

/** A column of lists or objects, and what is known of them. */
interface NestedColumn {
  key: string;
  found: Structure;
  /** That of its lists and structs; `JSON` where one type would change a number, or where they are too different. */
  stored: Structure;
}

/**
 * How the lists or objects of each of `keys` become lists or structs over all files, or stay `JSON`. Throws a `BadRowError` for
 * an object that has a key twice.
 */
export async function chooseStructures(
  opened: readonly JsonFile[],
  keys: readonly string[],
): Promise<Map<string, JsonConversion>> {
  const columns: NestedColumn[] = keys.map((key) => ({ key, found: 'NULL', stored: 'JSON' }));
  if (columns.length > 0) {
    for (const json of opened) await noteStructures(json, columns);
    for (const column of columns) column.stored = column.found === 'NULL' ? 'JSON' : storedStructure(column.found);
    await checkValues(opened, columns);
  }
  return new Map(columns.map(({ key, stored }) => [key, conversionTo(stored)]));
}

function conversionTo(stored: Structure): JsonConversion {
  if (stored === 'JSON') return jsonConversionTo('JSON', {}, '');
  const literal = quoteLiteral(JSON.stringify(stored));
  return { type: 'nested', fits: () => 'true', convert: ({ text }) => `json_transform(${text}, ${literal})` };
}

/** Adds the structures of one file, in the order in which they first appear. An empty object tells nothing. */
async function noteStructures(json: JsonFile, columns: readonly NestedColumn[]): Promise<void> {
  const pairs = columns.flatMap(({ key }, index) => {
    const value = jsonValue(json, key)?.text;
    return value ? [`{'place': ${index}, 'structure': json_structure(nullif(${value}, '{}'))::VARCHAR}`] : [];
  });
  if (pairs.length === 0) return;
  const rows = await readingJson(json, () =>
    json.session.query(
      `SELECT place, structure FROM (
         SELECT place, structure, first, row_number() OVER (PARTITION BY place ORDER BY first) AS nth FROM (
           SELECT seen.place AS place, seen.structure AS structure, min(row) AS first
           FROM (SELECT row, unnest([${pairs.join(', ')}]) AS seen FROM ${jsonValues(json)})
           WHERE seen.structure IS NOT NULL GROUP BY 1, 2))
       WHERE nth <= ${mostStructures + 1} ORDER BY place, first`,
    ),
  );
  for (const [index, column] of columns.entries()) {
    const own = rows.filter((row) => row['place'] === index);
    const structures = own.map((row) => JSON.parse(String(row['structure'])) as Structure);
    column.found = structures.length > mostStructures ? 'JSON' : structures.reduce(mergeStructures, column.found);
  }
}

/** One pass over each file: columns with a number that would be changed stay JSON, a key that is there twice is refused. */
async function checkValues(opened: readonly JsonFile[], columns: readonly NestedColumn[]): Promise<void> {
  const repeated: { json: JsonFile; column: NestedColumn; row: number }[] = [];
  for (const json of opened) {
    const tests = columns.flatMap(({ key, found, stored }, index) => {
      const value = jsonValue(json, key)?.text;
      if (value === undefined || stored === 'JSON') return [];
      const twice = `min(row) FILTER (${repeatsKey(value, stored)})::DOUBLE`;
      return [`coalesce(bool_or(${hasLargeNumber(value, found)}), false) AS large${index}, ${twice} AS row${index}`];
    });
    if (tests.length === 0) continue;
    const select = `SELECT ${tests.join(', ')} FROM ${jsonValues(json)}`;
    const [seen] = await readingJson(json, () => json.session.query(select));
    for (const [index, column] of columns.entries()) {
      if (seen?.[`large${index}`] === true) column.stored = 'JSON';
      const row = Number(seen?.[`row${index}`] ?? 0);
      if (row > 0) repeated.push({ json, column, row });
    }
  }
  const [first] = repeated.filter(({ column }) => column.stored !== 'JSON');
  if (first)
    throw await badJsonRow(first.json, first.row, `in "${first.column.key}" a key is there twice; remove one.`);
}
