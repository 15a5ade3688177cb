import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { scanJson, type JsonFault, type JsonLayout } from './extraction-json-scan.ts';

interface Scan {
  path: string;
  layout: JsonLayout;
  signal: AbortSignal;
}

/** The physical line on which the `index`-th object (from 0) begins. */
export async function findJsonLine(scan: Scan, index: number): Promise<number> {
  let line = 1;
  await scanJson(scan, (record) => {
    line = record.line;
    return record.index < index;
  });
  return line;
}

/** The first object that DuckDB would not take, found by reading each ourselves; undefined when none is found. */
export async function findBrokenObject(scan: Scan): Promise<JsonFault | undefined> {
  const descriptor = openSync(scan.path, 'r');
  try {
    let found: JsonFault | undefined;
    await scanJson(scan, ({ index, line, start, end }) => {
      const bytes = Buffer.alloc(end - start);
      readSync(descriptor, bytes, 0, bytes.length, start);
      const reason = whyBroken(bytes);
      if (reason !== undefined) found = { index, line, reason };
      return found === undefined;
    });
    return found;
  } finally {
    closeSync(descriptor);
  }
}

function whyBroken(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return 'the text is not UTF-8; save the file as UTF-8.';
  // DuckDB takes these three for numbers, so that they are never what it refused.
  const text = bytes.toString('utf8').replace(/-?\b(NaN|Infinity)\b/g, '0');
  try {
    const again = JSON.stringify(JSON.parse(text));
    // A half of a surrogate pair is the one thing that is escaped again.
    return /(?<!\\)(\\\\)*\\ud[89a-f]/.test(again) ? 'a text holds half of a surrogate pair.' : undefined;
  } catch {
    return 'the object is not valid JSON; mend it.';
  }
}
