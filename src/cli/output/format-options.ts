import { Option } from '@commander-js/extra-typings';

/** What `--format` takes. */
export const formats = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const;

export type Format = (typeof formats)[number];

/** What `--format` of `da query` takes: Parquet goes to a file. */
export const queryFormats = [...formats, 'parquet'] as const;

export type QueryFormat = (typeof queryFormats)[number];

/** How a command that answers rows is told to print them. */
export interface FormatOptions {
  readonly format?: Format;
  readonly json?: true;
}

/** `--format`, for commands that answer rows. */
export function formatOption() {
  return new Option('--format <format>', 'how to print the rows; a table unless given').choices(formats);
}

/** `--format` of `da query`. */
export function queryFormatOption() {
  return new Option('--format <format>', 'how to print the rows; a table unless given').choices(queryFormats);
}

/** `--json`, for every command that answers data. */
export function jsonOption() {
  return new Option('--json', 'print one JSON document and nothing else');
}
