import { createReadStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const mostPartitions = 5000;
const heldBytes = 8 << 20;

/** The partition of rows without a date. */
export const noDate = 'none';

/**
 * Divides a CSV file with a header into one file for each month or day of a column; resolves to their paths by partition. Throws,
 * naming the line, for a value that does not begin with a date. Memory does not grow with the file.
 */
export async function splitRows(
  path: string,
  given: { folder: string; column: number; by: 'month' | 'day'; name: string; signal: AbortSignal },
): Promise<Map<string, string>> {
  const { signal } = given;
  const writer = new PartitionWriter(given.folder);
  let line = 1;
  let header = true;
  for await (const record of recordsOf(path)) {
    signal.throwIfAborted();
    if (header) writer.header = record;
    else await writer.add(partitionOf(record, { ...given, line }), record);
    header = false;
    line += countLines(record);
  }
  return writer.end();
}

/** The records of a file with their line ends; lines inside quotation marks do not end one. */
async function* recordsOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let quoted = false;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let at = rest.length; at < bytes.length; at += 1) {
      if (bytes[at] === 0x22) quoted = !quoted;
      else if (bytes[at] === 0x0a && !quoted) {
        yield bytes.subarray(start, at + 1);
        start = at + 1;
      }
    }
    rest = Buffer.from(bytes.subarray(start));
  }
  if (rest.length > 0) yield rest;
}

function partitionOf(
  record: Buffer,
  given: { column: number; by: 'month' | 'day'; name: string; line: number },
): string {
  const value = valueAt(record, given.column);
  if (value === '') return noDate;
  const found = /^(\d{4}-(?:0[1-9]|1[0-2]))-(?:0[1-9]|[12]\d|3[01])(?![0-9])/.exec(value);
  if (!found) {
    throw new Error(
      `${given.name}, line ${given.line}: the value of the column of the partitions is no date; choose another column, or the mode full.`,
    );
  }
  return given.by === 'month' ? (found[1] ?? '') : found[0];
}

/** The value of a column, without its quotation marks; the dates we look for hold none. */
function valueAt(record: Buffer, column: number): string {
  let quoted = false;
  let start = 0;
  let index = 0;
  for (let at = 0; at <= record.length; at += 1) {
    const byte = record[at] ?? 0x0a;
    if (byte === 0x22) quoted = !quoted;
    else if (!quoted && (byte === 0x2c || byte === 0x0a || at === record.length)) {
      if (index === column)
        return record
          .toString('utf8', start, at)
          .trim()
          .replace(/^"(.*)"$/s, '$1');
      index += 1;
      start = at + 1;
    }
  }
  return '';
}

function countLines(record: Buffer): number {
  let lines = 0;
  for (let at = record.indexOf(0x0a); at !== -1; at = record.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

/** Holds rows back until there are many, so that thousands of files need not be open. */
class PartitionWriter {
  header: Buffer = Buffer.alloc(0);
  readonly #folder: string;
  readonly #paths = new Map<string, string>();
  readonly #held = new Map<string, Buffer[]>();
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(partition: string, record: Buffer): Promise<void> {
    const rows = this.#held.get(partition);
    if (rows) rows.push(record);
    else this.#held.set(partition, [record]);
    this.#bytes += record.length;
    if (this.#bytes >= heldBytes) await this.#flush();
  }

  async end(): Promise<Map<string, string>> {
    await this.#flush();
    return this.#paths;
  }

  async #flush(): Promise<void> {
    for (const [partition, rows] of this.#held) {
      const path = this.#paths.get(partition) ?? (await this.#begin(partition));
      await appendFile(path, Buffer.concat(rows));
    }
    this.#held.clear();
    this.#bytes = 0;
  }

  async #begin(partition: string): Promise<string> {
    if (this.#paths.size >= mostPartitions) {
      throw new Error(`The rows make more than ${mostPartitions} partitions; divide them by month.`);
    }
    const path = join(this.#folder, `partition-${partition}.csv`);
    await writeFile(path, this.header);
    this.#paths.set(partition, path);
    return path;
  }
}
