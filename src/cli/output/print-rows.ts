import { textOf } from '../../engine/row-text.ts';
import { csv } from './csv.ts';
import type { Format, FormatOptions } from './format-options.ts';
import { json, ndjson } from './json.ts';
import { markdown } from './markdown.ts';
import type { Rows } from './rows.ts';
import { printData } from './streams.ts';
import { table } from './table.ts';

const writers: Record<Format, (rows: Rows) => string> = { table, json, ndjson, csv, markdown };

/** Prints rows on stdout; the same on a terminal and in a pipe. `--json` wins over `--format`. */
export function printRows(rows: Rows, options: FormatOptions): void {
  printData(writers[options.json ? 'json' : (options.format ?? 'table')](rows));
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
