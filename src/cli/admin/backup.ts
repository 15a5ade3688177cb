import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { GlobalOptions } from '../command.ts';
import { failureOf, isAnswer } from '../connection/answer.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { unreachable } from '../connection/unreachable.ts';
import { failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { version } from '../version.ts';

/** Fetches a backup of the server's state into `--output`, which holds a whole one afterwards, or what it held before. */
export async function backUp(options: GlobalOptions & { output: string; json?: true }): Promise<void> {
  const { output } = options;
  const connection = await openConnection(options);
  const response = await ask(connection);
  const draft = join(dirname(output), `.${basename(output)}.${randomUUID()}`);
  try {
    await store(response, { draft, output, server: connection.server });
    const end = await readEnd(draft);
    if (!end) throw failed(`${connection.server} broke the backup off; take it again.`);
    await rename(draft, output);
    if (options.json) printJson({ file: output, rows: end.rows, files: end.files });
    else printNotice(`${output}: ${end.rows} rows, and the names and hashes of ${end.files} files beside them.`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function ask(connection: Connection): Promise<Response> {
  const response = await send(connection);
  const answer = response.status === 401 && (await connection.renew?.()) ? await send(connection) : response;
  if (answer.status === 200) return answer;
  const told: unknown = await answer.json().catch(() => null);
  const error = isAnswer(told) ? told.errors?.[0] : undefined;
  throw error ? failureOf(error, connection) : failed(`${connection.server} gave no backup (HTTP ${answer.status}).`);
}

async function send({ server, token }: Connection): Promise<Response> {
  const headers = { 'user-agent': `da/${version}`, ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(`${server}/backup`, { redirect: 'manual', headers }).catch((error: unknown) => {
    throw unreachable(server, error);
  });
}

/** Writes the answer to a draft that nobody else may read, down to the disk. */
async function store(response: Response, where: { draft: string; output: string; server: string }): Promise<void> {
  const { draft, output, server } = where;
  const file = await open(draft, 'wx', 0o600).catch(({ code }: NodeJS.ErrnoException) => {
    throw failed(`${output} cannot be written (${code}).`);
  });
  await file.close();
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  const target = createWriteStream(draft, { flags: 'r+', flush: true });
  await pipeline(body, target).catch((error: NodeJS.ErrnoException) => {
    if (target.errored === error) throw failed(`${output} cannot be written (${error.code}).`);
    throw failed(`${server} broke the backup off; take it again.`);
  });
}

/** What the last line of a backup tells; null when the file is no whole one. */
async function readEnd(path: string): Promise<{ rows: number; files: number } | null> {
  let tail = '';
  const decoder = new TextDecoder();
  try {
    for await (const piece of createReadStream(path).pipe(createGunzip()) as AsyncIterable<Uint8Array>) {
      tail = (tail + decoder.decode(piece, { stream: true })).slice(-longestEnd);
    }
    const { end } = JSON.parse(tail.trimEnd().split('\n').at(-1)!) as { end?: { rows: number; files: number } };
    return end ?? null;
  } catch {
    return null;
  }
}

const longestEnd = 1_000;
