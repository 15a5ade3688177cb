import { dataLine } from '../kernel/data-line.ts';
import { fitting, longestCellCharacters, mostCharacters, type Answer } from './answer.ts';
import type { Place, PlaceKind, Rows } from './place.ts';
import { ToolFailure } from './tool-failure.ts';

/** How many rows an answer shows at most. */
export const mostRows = 1_000;

/** How many rows it shows unless more are asked for. */
export const usualRows = 100;

/** The last row of a statement that can be asked for by offset. */
export const farthestRow = 10_000;

/** Which rows of a statement are wanted. */
export interface RowWindow {
  readonly offset: number;
  readonly limit: number;
}

/** How many rows have to be read so that the window can be shown. */
export function rowsToRead({ offset, limit }: RowWindow): number {
  return Math.min(offset + limit, farthestRow);
}

/** The answer that shows a window of the rows that were read, and says what is not shown and how to get it. */
export async function rowsAnswer(
  place: Place,
  given: { rows: Rows; window: RowWindow; about?: Readonly<Record<string, unknown>> },
): Promise<Answer> {
  const { rows: result, window, about = {} } = given;
  const columns = result.columns.map(({ name, type }) => [name, type]);
  const from = result.reads.map(({ sqlName, version, publishedAt }) => ({ table: sqlName, version, publishedAt }));
  const beside = { ...about, columns, from };
  const wanted = result.rows.slice(window.offset, window.offset + window.limit);
  const room = mostCharacters - dataLine(beside).length;
  const rows = fitting(
    wanted.map((row) => row.map(shortenCell)),
    room,
  );
  if (room < 0 || (rows.length === 0 && wanted.length > 0)) {
    throw new ToolFailure('failed', 'One row alone is longer than an answer may be; name fewer columns.');
  }
  const shortenedCells = wanted.slice(0, rows.length).flat().filter(isLong).length;
  const next = window.offset + rows.length;
  const cut = rows.length < wanted.length || result.truncated || next < result.rows.length;
  const mayGoOn = cut && next < farthestRow;
  return {
    facts: {
      place: result.place,
      asOf: result.place === place.kind ? await place.asOf() : null,
      offset: window.offset,
      shown: rows.length,
      cut,
      nextOffset: mayGoOn ? next : null,
      shortenedCells,
      rest: cut || shortenedCells > 0 ? restSentence(result.place, mayGoOn) : null,
    },
    data: { ...beside, rows },
  };
}

function restSentence(kind: PlaceKind, mayGoOn: boolean): string {
  const whole =
    kind === 'workspace'
      ? '`da query <statement> --output <file>` writes every row to a file'
      : '`da export <statement>`, or the mutation `exportSql`, writes every row to a file';
  const further = mayGoOn
    ? 'Ask again with nextOffset as the offset, in a statement that ends with ORDER BY, or a'
    : 'A';
  return `${further}ggregate or filter further; ${whole}.`;
}

function isLong(cell: unknown): boolean {
  return textOf(cell).length > longestCellCharacters;
}

function shortenCell(cell: unknown): unknown {
  const text = textOf(cell);
  return text.length > longestCellCharacters ? `${text.slice(0, longestCellCharacters - 1)}…` : cell;
}

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : '';
}
