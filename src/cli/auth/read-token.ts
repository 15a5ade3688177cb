import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { wrongUsage } from '../failure.ts';
import { askUnseen } from '../output/ask.ts';

/** The token of the file or of stdin; on a terminal it is asked for and not shown. Throws when it cannot be a token. */
export async function readToken(file: string | undefined): Promise<string> {
  const token = (await readSecret(file)).trim();
  if (token === '') throw wrongUsage('No token was given; pipe one in or name a file by --token-file.');
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw wrongUsage('This is not a token; give exactly the text that the web app showed.');
  }
  return token;
}

async function readSecret(file: string | undefined): Promise<string> {
  if (file === undefined)
    return process.stdin.isTTY ? ((await askUnseen('Paste the token and press Enter: ')) ?? '') : text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw wrongUsage(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
