import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { BadRowError, UnreadableFileError } from './extraction-errors.ts';

/** A file to read: where it lies, how messages call it, and what its folders say of every row. */
export interface SourceFile {
  path: string;
  name: string;
  columns?: Readonly<Record<string, string | null>>;
}

/** How a delimited file is laid out. `columns` are unique without regard to case, as DuckDB wants them. */
export interface CsvShape {
  delimiter: string;
  header: boolean;
  columns: string[];
}

const headerLimitBytes = 1_000_000;
const delimiters = [',', ';', '\t', '|'] as const;

/** Learns the shape from the first record; what `given` leaves out is detected, and a header is expected. */
export async function readCsvShape(
  file: SourceFile,
  given: { delimiter?: string; header?: boolean },
): Promise<CsvShape> {
  const text = await readStart(file);
  const delimiter = given.delimiter ?? mostFrequentDelimiter(text);
  const header = given.header ?? true;
  const first = splitFirstRecord(text, delimiter);
  if (first.length === 1 && first[0] === '') throw badFirstLine(file, 'the first line is blank; remove it.');
  if (first.some((name) => /\p{Cc}/u.test(name.replace(/[\t\r\n]/g, '')))) {
    throw badFirstLine(file, 'the line holds control characters; only text files can be read.');
  }
  return { delimiter, header, columns: nameColumns(header ? first : first.map(() => '')) };
}

async function readStart(file: SourceFile): Promise<string> {
  const handle = await open(file.path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerLimitBytes), 0, headerLimitBytes, 0);
    const bytes = buffer.subarray(0, bytesRead);
    const text = decodeStart(bytes);
    if (text === undefined) throw badFirstLine(file, 'the text is not UTF-8; save the file as UTF-8.');
    if (text.trim() === '')
      throw new UnreadableFileError(`${file.name} is empty; it needs at least a line of column names.`);
    return text;
  } finally {
    await handle.close();
  }
}

/** The first record's text without a byte order mark, or undefined when that is not UTF-8. */
function decodeStart(bytes: Buffer): string | undefined {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    // A later row is at fault, and will be told with its line, when the first line alone can be decoded.
    const end = bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d);
    const line = bytes.subarray(0, end === -1 ? bytes.length : end + 1);
    const text = new TextDecoder('utf-8').decode(line);
    return text.includes('\ufffd') ? undefined : text;
  }
}

function mostFrequentDelimiter(text: string): string {
  const counts = delimiters.map((delimiter) => splitFirstRecord(text, delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** The values of the first record, unquoted. */
function splitFirstRecord(text: string, delimiter: string): string[] {
  const values: string[] = [];
  let value = '';
  let quoted = false;
  let atStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') value += character;
      else if (text.charAt(at + 1) === '"') value += text.charAt((at += 1));
      else quoted = false;
    } else if (character === '"' && atStart) {
      quoted = true;
      atStart = false;
    } else if (character === delimiter) {
      values.push(value);
      value = '';
      atStart = true;
    } else if (character === '\n' || character === '\r') {
      break;
    } else {
      value += character;
      atStart = false;
    }
  }
  return [...values, value];
}

/** Header values as column names: trimmed, `columnN` for a nameless one, `_1`, `_2`… for a repeated one. */
function nameColumns(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((raw, index) => {
    const wanted = raw.trim() || `column${index}`;
    let name = wanted;
    for (let count = 1; taken.has(name.toLowerCase()); count += 1) name = `${wanted}_${count}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function badFirstLine(file: SourceFile, reason: string): BadRowError {
  return new BadRowError({ file: file.name, line: 1, reason });
}
