import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { wrongUsage } from '../failure.ts';

/** The value of an option that takes JSON: the text itself, `@<file>`, or `@-` for stdin; throws unless it is JSON. */
export async function readJson(given: string, option: string): Promise<unknown> {
  const json = given.startsWith('@') ? await readFrom(given.slice(1), option) : given;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw wrongUsage(
      `The value of ${option} is not JSON (${(error as Error).message}); write an object, or @<file> to read one.`,
    );
  }
}

/** As `readJson`, and an object. */
export async function readJsonObject(given: string, option: string): Promise<Record<string, unknown>> {
  const value = await readJson(given, option);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrongUsage(`${option} takes a JSON object, such as {"folder": "/data"}.`);
}

async function readFrom(file: string, option: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw wrongUsage(`${option} names a file that cannot be read: ${(error as Error).message}`);
  }
}
