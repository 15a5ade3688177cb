import { textOf } from '../../engine/row-text.ts';
import { csv } from './csv.ts';
import type { Format, FormatOptions } from './format-options.ts';
import { json, ndjson } from './json.ts';
import { markdown } from './markdown.ts';
import type { Column, Rows } from './rows.ts';
import type { MakeRowWriter } from './row-writer.ts';
import { printData, printPiece } from './streams.ts';
import { table } from './table.ts';

const writers: Record<Exclude<Format, 'table'>, MakeRowWriter> = { json, ndjson, csv, markdown };

/** Rows are written in pieces of about this many characters. */
const pieceLength = 1 << 16;

/** Prints rows on stdout; the same on a terminal and in a pipe. `--json` wins over `--format`. */
export function printRows({ columns, rows }: Rows, options: FormatOptions): void {
  const format = formatOf(options);
  if (format === 'table') return printData(table({ columns, rows }));
  const writer = writers[format](columns);
  printData([writer.head, ...rows.map((row) => writer.row(row)), writer.end()].join(''));
}

/**
 * Prints rows as they come, the same text as `printRows`, and waits for a slow reader. Only a table is held as a whole: its
 * columns are as wide as the widest cell.
 */
export async function printRowStream(
  { columns, rows }: { columns: readonly Column[]; rows: AsyncIterable<readonly unknown[]> },
  options: FormatOptions,
): Promise<void> {
  const format = formatOf(options);
  if (format === 'table') return printData(table({ columns, rows: await allOf(rows) }));
  const writer = writers[format](columns);
  let text = writer.head;
  for await (const row of rows) {
    text += writer.row(row);
    if (text.length < pieceLength) continue;
    await printPiece(text);
    text = '';
  }
  await printPiece(text + writer.end());
}

async function allOf<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

function formatOf(options: FormatOptions): Format {
  return options.json ? 'json' : (options.format ?? 'table');
}

const widestCell = 60;

/**
 * Prints a list of things on stdout. As a table for people nothing stands where there is nothing, and on a terminal a long
 * text is cut with `…`; a pipe and the other formats get all of it.
 */
export function printList({ columns, rows }: Rows, options: FormatOptions): void {
  const forPeople = !options.json && (options.format ?? 'table') === 'table';
  printRows({ columns, rows: forPeople ? rows.map((row) => row.map(shortText)) : rows }, options);
}

function shortText(value: unknown): string {
  const text = textOf(value) ?? '';
  return process.stdout.isTTY && text.length > widestCell ? `${text.slice(0, widestCell - 1)}…` : text;
}
