import type { ResultColumn, ResultRows } from '../results/documents.ts';
import { isNumeric, textOf } from '../results/value-text.ts';

/** What a column can be in a chart. */
export type ColumnKind = 'time' | 'number' | 'text' | 'none';

export type ChartForm = 'bar' | 'line';

/** What is drawn: numbers of column `y` over column `x`, one line or set of bars for each value of column `split`. */
export interface ChartChoice {
  form: ChartForm;
  x: number;
  y: number;
  split: number | null;
}

/** More than these would not be told apart. */
export const mostSeries = 8;

/** What values of this type of DuckDB can be in a chart; lists, structs and bytes are nothing in it. */
export function columnKind(type: string): ColumnKind {
  if (isNumeric(type)) return 'number';
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) return 'time';
  return /^(VARCHAR|BOOLEAN|UUID|ENUM\b.*|TIME.*)$/.test(type) && !type.endsWith(']') ? 'text' : 'none';
}

/**
 * What to draw of a result unless somebody chooses: the first number over the first time, else over the first text, else over
 * another number, split by the next text when several rows have the same x. Null where nothing can be drawn.
 */
export function defaultChoice({ columns, rows }: ResultRows): ChartChoice | null {
  if (rows.length < 2) return null;
  const kinds = columns.map(({ type }) => columnKind(type));
  const numbers = indexesOf(kinds, 'number');
  const x = [kinds.indexOf('time'), kinds.indexOf('text'), numbers.length > 1 ? numbers[0]! : -1].find(isThere);
  const y = numbers.find((index) => index !== x);
  if (x === undefined || y === undefined) return null;
  return { form: kinds[x] === 'text' ? 'bar' : 'line', x, y, split: findSplit({ columns, rows }, x) };
}

/** The columns that can stand at each place of a chart. */
export function choicesFor(columns: readonly ResultColumn[]) {
  const kinds = columns.map(({ type }) => columnKind(type));
  const texts = indexesOf(kinds, 'text');
  return {
    x: [...indexesOf(kinds, 'time'), ...texts, ...indexesOf(kinds, 'number')].toSorted(byPlace),
    y: indexesOf(kinds, 'number'),
    split: texts,
  };
}

/** The first text column with few values that tells rows of the same x apart; null when there is none, or no need. */
function findSplit({ columns, rows }: ResultRows, x: number): number | null {
  if (distinct(rows, x) === rows.length) return null;
  const fitting = columns.findIndex(({ type }, index) => {
    if (index === x || columnKind(type) !== 'text') return false;
    const count = distinct(rows, index);
    return count > 1 && count <= mostSeries;
  });
  return isThere(fitting) ? fitting : null;
}

function distinct(rows: ResultRows['rows'], column: number): number {
  return new Set(rows.map((row) => textOf(row[column]))).size;
}

function indexesOf(kinds: readonly ColumnKind[], wanted: ColumnKind): number[] {
  return kinds.flatMap((kind, index) => (kind === wanted ? [index] : []));
}

function isThere(index: number): boolean {
  return index >= 0;
}

function byPlace(one: number, other: number): number {
  return one - other;
}
