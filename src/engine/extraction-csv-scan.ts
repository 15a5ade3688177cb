import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';

/** Why and where a delimited file is broken; `line` is the physical line on which the record begins. */
export interface CsvFault {
  line: number;
  reason: string;
}

interface ScanShape {
  delimiter: string;
  columns: number;
}

interface ScannedRecord {
  line: number;
  columns: number;
  blank: boolean;
  fault?: string;
}

/** The first broken record of a file, or undefined when nothing is found to be wrong. */
export async function findCsvFault(path: string, shape: ScanShape): Promise<CsvFault | undefined> {
  const encoding = await findEncodingFault(path);
  let found: CsvFault | undefined;
  await scanRecords(path, shape, (record) => {
    const reason = record.fault ?? countFault(record, shape.columns);
    if (reason !== undefined) found = { line: record.line, reason };
    return found === undefined && (encoding === undefined || record.line < encoding.line);
  });
  return found && encoding ? (found.line < encoding.line ? found : encoding) : (found ?? encoding);
}

/** The first record that ends in more empty values than it has columns for, which DuckDB reads as if they were not there. */
export async function findSurplusValue(path: string, shape: ScanShape): Promise<CsvFault | undefined> {
  if (!(await endsWithEmptyValue(path, shape.delimiter))) return undefined;
  let found: CsvFault | undefined;
  await scanRecords(path, shape, (record) => {
    const reason = record.columns > shape.columns ? countFault(record, shape.columns) : undefined;
    if (reason !== undefined) found = { line: record.line, reason };
    return found === undefined;
  });
  return found;
}

/** Whether any line may end in an empty value: a look that costs little beside reading every record. */
async function endsWithEmptyValue(path: string, delimiter: string): Promise<boolean> {
  const ends = ['\n', '\r', '""'].map((end) => Buffer.from(delimiter + end));
  let last = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([last, chunk as Buffer]);
    if (ends.some((end) => bytes.includes(end))) return true;
    last = bytes.subarray(-2);
  }
  return last.toString('latin1').endsWith(delimiter);
}

/** The physical line of the `index`-th record (from 0), blank lines counted as DuckDB counts them. */
export async function findRecordLine(path: string, shape: ScanShape, index: number): Promise<number> {
  let left = index;
  let line = 1;
  await scanRecords(path, shape, (record) => {
    if (record.blank && shape.columns > 1) return true;
    line = record.line;
    left -= 1;
    return left >= 0;
  });
  return line;
}

function countFault(record: ScannedRecord, expected: number): string | undefined {
  if (record.columns === expected || record.blank) return undefined;
  return `${expected} columns expected, ${record.columns} found.`;
}

async function findEncodingFault(path: string): Promise<CsvFault | undefined> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  const reason = 'the text is not UTF-8; save the file as UTF-8.';
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes: Buffer = Buffer.concat([rest, chunk as Buffer]);
    const end = lastCharacterStart(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) return { line: line + goodLines(whole), reason };
    line += countLines(whole);
    rest = bytes.subarray(end);
  }
  return isUtf8(rest) ? undefined : { line, reason };
}

/** Where the last character begins, which the next chunk may complete. */
function lastCharacterStart(bytes: Buffer): number {
  let start = bytes.length - 1;
  while (start > 0 && bytes.length - start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}

/** The number of lines before the first that is not UTF-8. */
function goodLines(bytes: Buffer): number {
  let lines = 0;
  for (let start = 0; ; lines += 1) {
    const end = bytes.indexOf(0x0a, start) + 1;
    if (end === 0 || !isUtf8(bytes.subarray(start, end))) return lines;
    start = end;
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

async function scanRecords(path: string, shape: ScanShape, visit: (record: ScannedRecord) => boolean): Promise<void> {
  const scanner = new RecordScanner(shape.delimiter, visit);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (!scanner.push(chunk as Buffer)) return;
  }
  scanner.end();
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const mixedLineEnds = 'the line ends differently from the lines before it; save the file with one kind of line ends.';

/** Splits bytes into records. Delimiters are ASCII, which never occurs inside a longer UTF-8 sequence. */
class RecordScanner {
  private readonly delimiter: number;
  private readonly visit: (record: ScannedRecord) => boolean;
  private state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  private line = 1;
  private record = startRecord(1);
  /** A carriage return ended this record; the next byte tells whether a line feed belongs to it. */
  private returned: ScannedRecord | undefined;
  private lineEnd: string | undefined;

  constructor(delimiter: string, visit: (record: ScannedRecord) => boolean) {
    this.delimiter = delimiter.charCodeAt(0);
    this.visit = visit;
  }

  push(bytes: Buffer): boolean {
    for (const byte of bytes) {
      if (!this.take(byte)) return false;
    }
    return true;
  }

  end(): void {
    if (this.returned !== undefined && !this.finish(this.returned, '\r')) return;
    if (this.state === 'quoted') this.record.fault ??= 'a quoted value does not end; close its quotation mark.';
    if (!this.record.blank) this.visit(this.next());
  }

  private take(byte: number): boolean {
    if (this.returned !== undefined) {
      const record = this.returned;
      this.returned = undefined;
      if (!this.finish(record, byte === lineFeed ? '\r\n' : '\r')) return false;
      if (byte === lineFeed) return true;
    }
    if (this.state === 'quoted') return this.takeQuoted(byte);
    if (byte === lineFeed) return this.finish(this.next(), '\n');
    if (byte === carriageReturn) {
      this.returned = this.next();
      return true;
    }
    this.record.blank = false;
    this.takePlain(byte);
    return true;
  }

  private takeQuoted(byte: number): boolean {
    if (byte === lineFeed) this.line += 1;
    if (byte === quote) this.state = 'closed';
    return true;
  }

  private takePlain(byte: number): void {
    if (byte === this.delimiter) {
      this.record.columns += 1;
      this.state = 'start';
    } else if (byte === quote && this.state !== 'plain') {
      this.state = 'quoted';
    } else {
      if (this.state === 'closed') {
        this.record.fault ??= 'text follows a closing quotation mark; double the marks that belong to the value.';
      }
      this.state = 'plain';
    }
  }

  /** Ends the record that was read and begins the next. */
  private next(): ScannedRecord {
    const record = this.record;
    this.line += 1;
    this.state = 'start';
    this.record = startRecord(this.line);
    return record;
  }

  private finish(record: ScannedRecord, lineEnd: string): boolean {
    this.lineEnd ??= lineEnd;
    if (lineEnd !== this.lineEnd) record.fault ??= mixedLineEnds;
    return this.visit(record);
  }
}

function startRecord(line: number): ScannedRecord {
  return { line, columns: 1, blank: true };
}
