import { readFile, realpath } from 'node:fs/promises';
import { writeDurably } from './write-durably.ts';

const begin =
  '<!-- agnes:begin; what stands between these two lines is written anew by da; write your own text outside of them -->';
const end = '<!-- agnes:end -->';
const block = /^<!-- agnes:begin\b[^\n]*\n(?:(?!<!-- agnes:(?:begin|end))[^\n]*\n)*<!-- agnes:end -->[^\n]*$/m;

/** What stands between our lines in the file; null when our lines are not there. */
export async function readMarked(path: string): Promise<string | null> {
  const found = block.exec(await readIfThere(path))?.[0];
  return found === undefined ? null : found.slice(found.indexOf('\n') + 1, found.lastIndexOf('\n') + 1);
}

/** Puts `text` between our lines, at the end of the file when they are not there; the rest of the file stays as it is. */
export async function writeMarked(path: string, text: string): Promise<void> {
  const before = await readIfThere(path);
  const marked = `${begin}\n${text}${end}`;
  const after = block.test(before) ? before.replace(block, () => marked) : `${gapAfter(before)}${marked}\n`;
  // A link stays one.
  if (after !== before) await writeDurably(await realpath(path).catch(() => path), after);
}

/** The text of a file; empty when there is none. */
export async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function gapAfter(text: string): string {
  return text === '' ? '' : `${text}${text.endsWith('\n') ? '' : '\n'}\n`;
}
