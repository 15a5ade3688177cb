import type { TableFacts } from './documents.ts';

/** Rows of a sample. */
export const sampleRowLimit = 20;

/** Columns of a sample: of a table that has more, the first. */
export const sampleColumnLimit = 40;

/** Characters of a value that are fetched and shown; one more tells that there are more. */
export const sampleTextLimit = 200;

const short =
  /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BOOLEAN|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|DATE|TIME[A-Z_ ]*|UUID|INTERVAL)$/;

/**
 * A statement for some rows of a table. Values that can be of any length are cut where they are, so that the sample stays
 * small; at a source of another system only what every system can do is asked for.
 */
export function sampleStatement({
  sqlName,
  queryMode,
  columns,
}: Pick<TableFacts, 'sqlName' | 'queryMode' | 'columns'>) {
  const chosen = columns.slice(0, sampleColumnLimit).map(({ name, type }) => {
    const column = quote(name);
    if (queryMode === 'REMOTE' || short.test(type)) return column;
    return `left(CAST(${column} AS VARCHAR), ${sampleTextLimit + 1}) AS ${column}`;
  });
  return `SELECT ${chosen.join(', ')} FROM ${sqlName.split('.').map(quote).join('.')} LIMIT ${sampleRowLimit}`;
}

/** A value of a row as text; null where there is none. Long ones are cut. */
export function sampleText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Cut between characters, and not inside one.
  const characters = Array.from(text.slice(0, 4 * sampleTextLimit));
  if (characters.length <= sampleTextLimit) return text;
  return `${characters.slice(0, sampleTextLimit).join('')}…`;
}

/** Whether values of this type are read digit below digit. */
export function isNumeric(type: string): boolean {
  return /INT|^(FLOAT|DOUBLE|DECIMAL)/.test(type) && !type.endsWith('[]') && type !== 'INTERVAL';
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
