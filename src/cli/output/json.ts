import type { Rows } from './rows.ts';

/** One JSON list with an object for each row. */
export function json(rows: Rows): string {
  const objects = objectsOf(rows).map((object) => `\n  ${object}`);
  return objects.length === 0 ? '[]\n' : `[${objects.join(',')}\n]\n`;
}

/** One JSON object for each row, each on its own line. */
export function ndjson(rows: Rows): string {
  return objectsOf(rows)
    .map((object) => `${object}\n`)
    .join('');
}

/** Objects are written by hand, so that keys such as `1` and `__proto__` stay, in the order of the columns. */
function objectsOf({ columns, rows }: Rows): string[] {
  const keys = distinct(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  return rows.map((row) => `{${keys.map((key, index) => `${key}:${JSON.stringify(row[index] ?? null)}`).join(',')}}`);
}

/** Names that occur again get a number, so that no value is lost: `id`, `id_2`. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let key = name;
    for (let count = 2; seen.has(key) || (key !== name && taken.has(key)); count += 1) key = `${name}_${count}`;
    seen.add(key);
    return key;
  });
}
