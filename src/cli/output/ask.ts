import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { visible } from './visible.ts';

/** One line of the terminal that is not shown; null when the person gives up by Ctrl+C or Ctrl+D. */
export async function askUnseen(question: string): Promise<string | null> {
  process.stderr.write(question);
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nothing, terminal: true });
  const line = await new Promise<string | null>((resolve) => {
    terminal.once('line', resolve);
    terminal.once('close', () => resolve(null));
  });
  terminal.close();
  process.stderr.write('\n');
  return line;
}

/** One line of the terminal; null when the person gives up by Ctrl+C or Ctrl+D. */
export async function askLine(question: string): Promise<string | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  const line = await new Promise<string | null>((resolve) => {
    terminal.once('close', () => resolve(null));
    terminal.question(visible(question), resolve);
  });
  terminal.close();
  return line;
}
