import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { wrongUsage } from '../failure.ts';

/** The statement: the argument, the content of the file, or stdin. */
export async function readStatement(argument: string | undefined, file: string | undefined): Promise<string> {
  if (argument !== undefined && file !== undefined) {
    throw wrongUsage('Give the statement either as an argument or by --file, not both.');
  }
  const statement = argument ?? (file === undefined ? await readInput() : await readFileOf(file));
  if (statement.trim() === '') throw wrongUsage('The statement is empty; write a SELECT.');
  return statement;
}

function readInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw wrongUsage("Give a statement, such as `da query 'SELECT 1'`, name a file by --file, or pipe one in.");
  }
  return text(process.stdin);
}

async function readFileOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw wrongUsage(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
