import { text } from 'node:stream/consumers';
import { wrongUsage } from '../failure.ts';
import { queryFormats, type QueryFormat } from '../output/format-options.ts';
import { readStatement } from './read-statement.ts';

/** What a source runs, and how the statement names its rows. */
export interface AskedRemote {
  readonly alias: string;
  readonly statement: string;
}

/** A statement with its remotes, and what stdin said of the answer. */
export interface AskedStatement {
  readonly statement: string;
  readonly remotes: readonly AskedRemote[];
  readonly limit?: number;
  readonly format?: QueryFormat;
}

interface Given {
  readonly argument: string | undefined;
  readonly sql?: string;
  readonly file?: string;
  readonly stdin?: true;
  readonly registerBq?: readonly string[];
}

const keysOfInput = new Set(['sql', 'register_bq', 'limit', 'format']);

/** The statement of the argument, of `--sql`, of `--file` or of the JSON object on stdin: one of them; else stdin is the statement. */
export async function askStatement({ argument, sql, file, stdin, registerBq = [] }: Given): Promise<AskedStatement> {
  const given = [argument, sql, file, stdin].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw wrongUsage('Give the statement once: as the argument, by --sql, by --file or in the JSON of --stdin.');
  }
  const remotes = registerBq.map(parseRemote);
  if (!stdin) return { statement: await readStatement(argument ?? sql, file), remotes };
  const asked = parseInput(await text(process.stdin));
  return { ...asked, remotes: [...asked.remotes, ...remotes] };
}

function parseRemote(option: string): AskedRemote {
  const at = option.indexOf('=');
  const [alias, statement] = [option.slice(0, at).trim(), option.slice(at + 1).trim()];
  if (at < 1 || alias === '' || statement === '') throw wrongUsage('Write --register-bq as alias=SQL.');
  return { alias, statement };
}

function parseInput(json: string): AskedStatement {
  const input = parseObject(json);
  const unknown = Object.keys(input).find((key) => !keysOfInput.has(key));
  if (unknown !== undefined) throw wrongUsage(`The JSON of --stdin has no key ${JSON.stringify(unknown)}.`);
  const { sql, register_bq: registered = {}, limit, format } = input;
  if (typeof sql !== 'string' || sql.trim() === '') throw wrongUsage('The JSON of --stdin needs "sql", a statement.');
  return {
    statement: sql,
    remotes: parseRemotes(registered),
    limit: limit == null ? undefined : parseLimit(limit),
    format: format == null ? undefined : parseFormat(format),
  };
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
  } catch {
    // It is told below, as any other text that is no object.
  }
  throw wrongUsage('The input of --stdin is no JSON object, such as {"sql": "SELECT 1"}.');
}

function parseRemotes(registered: unknown): AskedRemote[] {
  const entries = isObject(registered) ? Object.entries(registered) : null;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return entries.map(([alias, statement]) => ({ alias, statement }));
  }
  throw wrongUsage('"register_bq" in the JSON of --stdin is an object of aliases and their SQL.');
}

function parseLimit(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw wrongUsage('"limit" in the JSON of --stdin is a whole number from 1 on.');
}

function parseFormat(value: unknown): QueryFormat {
  const format = queryFormats.find((known) => known === value);
  if (format) return format;
  throw wrongUsage(`"format" in the JSON of --stdin is one of ${queryFormats.join(', ')}.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
