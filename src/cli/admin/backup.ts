import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
  await refuseOther(output);
  const connection = await openConnection(options);
  const response = await ask(connection);
  const draft = join(dirname(output), `.${basename(output)}.${randomUUID()}`);
  try {
    await store(response, { draft, output, server: connection.server });
    const content = await readContent(draft);
    if (!content) throw brokenOff(connection.server);
    await rename(draft, output).catch((error: NodeJS.ErrnoException) => {
      throw unwritable(output, error);
    });
    tell(content, options);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Throws when there is something that a backup cannot replace, such as a folder, a device or a link. */
async function refuseOther(output: string): Promise<void> {
  const found = await lstat(output).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unwritable(output, error);
  });
  if (found && !found.isFile()) throw failed(`${output} is there and is no regular file; name another --output.`);
}

function tell({ rows, files, unreadable }: Content, { output, json }: { output: string; json?: true }): void {
  if (json) printJson({ file: output, rows, files, unreadable: unreadable.length });
  else printNotice(`${output}: ${rows} rows, and the names and hashes of ${files} files beside them.`);
  for (const { path, reason } of unreadable) {
    printNotice(`The server could not read ${path} (${reason}); the backup knows no more of it.`);
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
  const unwritten = (error: NodeJS.ErrnoException): never => {
    throw unwritable(output, error);
  };
  const file = await open(draft, 'wx', 0o600).catch(unwritten);
  try {
    for await (const piece of piecesOf(response, server)) await file.writeFile(piece).catch(unwritten);
    await file.sync().catch(unwritten);
  } finally {
    await file.close();
  }
}

async function* piecesOf(response: Response, server: string): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const piece of response.body ?? []) yield piece as Uint8Array;
  } catch {
    throw brokenOff(server);
  }
}

function brokenOff(server: string): Error {
  return failed(`${server} broke the backup off; take it again.`);
}

function unwritable(output: string, { code }: NodeJS.ErrnoException): Error {
  return failed(`${output} cannot be written (${code}).`);
}

/** What a backup tells of itself. */
interface Content {
  readonly rows: number;
  readonly files: number;
  readonly unreadable: readonly UnreadablePath[];
}

/** What the server could not read below its `DATA_DIR`, and the code of the refusal. */
interface UnreadablePath {
  readonly path: string;
  readonly reason: string;
}

const unreadableLine = '{"unreadable":';

/** Reads a backup to its last line; null when it is no whole one. */
async function readContent(path: string): Promise<Content | null> {
  const decoder = new TextDecoder();
  const unreadable: UnreadablePath[] = [];
  let last = '';
  let rest = '';
  try {
    for await (const piece of createReadStream(path).pipe(createGunzip()) as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop()!;
      last = lines.at(-1) ?? last;
      for (const line of lines)
        if (line.startsWith(unreadableLine))
          unreadable.push((JSON.parse(line) as { unreadable: UnreadablePath }).unreadable);
    }
    const { end } = JSON.parse(last) as { end?: Omit<Content, 'unreadable'> };
    return end ? { ...end, unreadable } : null;
  } catch {
    return null;
  }
}
