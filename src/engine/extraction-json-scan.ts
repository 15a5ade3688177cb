import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { UnreadableFileError } from './extraction-errors.ts';
import type { SourceFile } from './extraction-csv-shape.ts';

/** The most levels that lists and objects may stand in each other: DuckDB ends the process on some thousands. */
export const deepestLevel = 100;
/** The most bytes that one object may have. */
export const largestObjectBytes = 16_000_000;

/** How the objects of a file follow each other; `start` is the byte at which the text begins, behind a byte order mark. */
export interface JsonLayout {
  kind: 'array' | 'lines';
  start: number;
}

/** One object of a file: its index from 0, the physical line on which it begins, and its bytes. */
export interface JsonRecord {
  index: number;
  line: number;
  start: number;
  end: number;
}

/** Why and where a file is not what its layout promises. */
export interface JsonFault {
  index: number;
  line: number;
  reason: string;
}

interface Scan {
  path: string;
  layout: JsonLayout;
  signal: AbortSignal;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const [space, tab, lineFeed, carriageReturn] = [0x20, 0x09, 0x0a, 0x0d];

/** Learns the layout from the first character; `lines` says that only one object per line will do. */
export async function readJsonLayout(file: SourceFile, lines: boolean): Promise<JsonLayout> {
  const first = await readFirstBytes(file.path);
  if (first.bytes.length === 0) throw new UnreadableFileError(`${file.name} is empty; no objects are written as [].`);
  if (isUtf16(first.bytes)) throw new UnreadableFileError(`${file.name} is not UTF-8; save the file as UTF-8.`);
  if (first.bytes[0] === openList && !lines) return { kind: 'array', start: first.start };
  if (first.bytes[0] === openObject || lines) return { kind: 'lines', start: first.start };
  throw new UnreadableFileError(`${file.name} holds no JSON objects; write an array of objects, or one on each line.`);
}

/** The first characters that are no blanks, and where the text begins. */
async function readFirstBytes(path: string): Promise<{ bytes: Buffer; start: number }> {
  const handle = await open(path, 'r');
  try {
    const chunk = Buffer.alloc(1 << 16);
    let start = 0;
    for (let at = 0; ;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      let bytes = chunk.subarray(0, bytesRead);
      if (at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) start = 3;
      if (at === 0) bytes = bytes.subarray(start);
      const first = bytes.findIndex((byte) => !isBlank(byte));
      if (first !== -1) return { bytes: bytes.subarray(first), start };
      if (bytesRead === 0) return { bytes: Buffer.alloc(0), start };
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;
}

function isBlank(byte: number): boolean {
  return byte === space || byte === lineFeed || byte === carriageReturn || byte === tab;
}

/**
 * Reads a file from end to end and tells how many objects it has, or the first fault of its layout. What stands inside of an
 * object is left to DuckDB, but for what DuckDB does not refuse: commas too many, objects too deep, an array that is cut off.
 * `visit` is called at the end of each object, until it answers false.
 */
export async function scanJson(
  scan: Scan,
  visit: (record: JsonRecord) => boolean = () => true,
): Promise<{ records: number; fault?: JsonFault }> {
  const scanner = new ObjectScanner(scan.layout, visit);
  const stream = createReadStream(scan.path, { start: scan.layout.start, highWaterMark: 1 << 20 });
  for await (const chunk of stream) {
    scan.signal.throwIfAborted();
    if (!scanner.push(chunk as Buffer)) return scanner.result();
  }
  scanner.end();
  return scanner.result();
}

/** Finds objects in bytes. All that it looks at is ASCII, which never occurs inside a longer UTF-8 sequence. */
class ObjectScanner {
  private readonly isArray: boolean;
  private readonly visit: (record: JsonRecord) => boolean;
  private offset: number;
  private line = 1;
  private depth = 0;
  private inText = false;
  private escaped = false;
  /** The last byte that was no blank and stood in no text. */
  private last = 0;
  private record: JsonRecord;
  private records = 0;
  /** Between objects: what may follow. */
  private expects: 'start' | 'first' | 'object' | 'separator' | 'end';
  private fault: JsonFault | undefined;

  constructor(layout: JsonLayout, visit: (record: JsonRecord) => boolean) {
    this.isArray = layout.kind === 'array';
    this.visit = visit;
    this.offset = layout.start;
    this.record = { index: 0, line: 1, start: layout.start, end: layout.start };
    this.expects = this.isArray ? 'start' : 'object';
  }

  /** False once there is nothing more to learn. */
  push(bytes: Buffer): boolean {
    for (const byte of bytes) {
      if (this.inText) this.takeText(byte);
      else if (this.depth > 0) {
        if (!this.takeInside(byte)) return false;
      } else this.takeBetween(byte);
      if (byte === lineFeed) this.takeLineEnd();
      if (this.fault !== undefined) return false;
      this.offset += 1;
    }
    if (this.depth > 0 && this.offset - this.record.start > largestObjectBytes) this.refuseSize();
    return this.fault === undefined;
  }

  end(): void {
    if (this.depth > 0) this.refuse('the object does not end; the file may be cut off.');
    else if (this.isArray && this.expects !== 'end') {
      this.refuseHere('the array does not end; the file may be cut off.');
    }
  }

  result(): { records: number; fault?: JsonFault } {
    return this.fault === undefined ? { records: this.records } : { records: this.records, fault: this.fault };
  }

  private takeText(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === backslash) this.escaped = true;
    else if (byte === quote) this.inText = false;
  }

  private takeInside(byte: number): boolean {
    if (byte === quote) this.inText = true;
    else if (byte === openObject || byte === openList) {
      this.depth += 1;
      if (this.depth > deepestLevel) this.refuse(`the object has more than ${deepestLevel} levels; make it flatter.`);
    } else if (byte === closeObject || byte === closeList) {
      if (this.last === comma) this.refuse('a comma stands before a closing bracket; remove it.');
      this.depth -= 1;
      if (this.depth === 0 && this.fault === undefined && !this.finish()) return false;
    }
    if (!isBlank(byte)) this.last = byte;
    return true;
  }

  private takeBetween(byte: number): void {
    if (isBlank(byte)) return;
    if (byte === openObject && (this.expects === 'object' || this.expects === 'first')) {
      this.depth = 1;
      this.last = byte;
      this.record = { index: this.records, line: this.line, start: this.offset, end: this.offset };
    } else if (!this.isArray) {
      this.refuseHere(
        this.expects === 'object'
          ? 'the line is not a JSON object; write one object on each line.'
          : 'text follows the object; write one object on each line.',
      );
    } else this.takeInArray(byte);
  }

  private takeInArray(byte: number): void {
    if (this.expects === 'start') this.expects = 'first';
    else if (this.expects === 'end') this.refuseHere('text follows the array; write one array.');
    else if (byte === comma && this.expects === 'separator') this.expects = 'object';
    else if (byte === closeList && this.expects !== 'object') this.expects = 'end';
    else if (this.expects === 'separator') this.refuseHere('a comma is missing between two objects.', this.records - 1);
    else if (byte === comma || byte === closeList) this.refuseHere('a comma stands where an object should; remove it.');
    else this.refuseHere('the value is not an object; only objects can be rows.');
  }

  private takeLineEnd(): void {
    if (!this.isArray && this.depth > 0) {
      this.refuse('the object does not end on its line; write each on one line, or all in an array.');
    }
    if (!this.isArray) this.expects = 'object';
    this.line += 1;
  }

  private finish(): boolean {
    this.record.end = this.offset + 1;
    if (this.record.end - this.record.start > largestObjectBytes) {
      this.refuseSize();
      return false;
    }
    this.records += 1;
    this.expects = 'separator';
    return this.visit(this.record);
  }

  private refuseSize(): void {
    this.refuse(`the object is longer than ${largestObjectBytes.toLocaleString('en-US')} bytes.`);
  }

  private refuse(reason: string): void {
    this.fault ??= { index: this.record.index, line: this.record.line, reason };
  }

  private refuseHere(reason: string, index = this.records): void {
    this.fault ??= { index, line: this.line, reason };
  }
}
