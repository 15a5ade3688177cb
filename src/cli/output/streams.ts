import { once } from 'node:events';
import { visible } from './visible.ts';

/** Makes a reader of the data that goes away (`da tables list | head`) the quiet end of the process. */
export function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  process.stderr.on('error', () => {});
}

/** Writes data, which ends with a newline, to stdout. */
export function printData(text: string): void {
  process.stdout.write(text);
}

/** Writes a part of the data to stdout, and resolves once there is room for the next. */
export async function printPiece(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes one JSON document to stdout. */
export function printJson(value: unknown): void {
  printData(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes a sentence for the person to stderr; what a server put into it cannot steer the terminal. */
export function printNotice(message: string): void {
  process.stderr.write(`${visible(message, { keepNewlines: true })}\n`);
}
