import { objectKeys, objectText } from '../../engine/row-text.ts';
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

function objectsOf({ columns, rows }: Rows): string[] {
  const keys = objectKeys(columns.map(({ name }) => name));
  return rows.map((row) => objectText(keys, row));
}
