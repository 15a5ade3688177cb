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
