import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { notSignedIn } from '../connection/answer.ts';
import type { Connection } from '../connection/connection.ts';
import { unreachable } from '../connection/unreachable.ts';
import { CommandFailure, exitCodes, failed } from '../failure.ts';
import { version } from '../version.ts';
import type { FoundFile } from './find-files.ts';
import { tooLarge, unreadable } from './plan-uploads.ts';
import type { SentFile } from './sent-files.ts';

/** Another file would fare no better. */
export class UploadsRefused extends CommandFailure {}

/**
 * Sends a file as it is at this moment; resolves to what was sent. Throws an `Error` with a sentence, which ends all when it is
 * an `UploadsRefused`.
 */
export async function putFile(
  connection: Connection,
  { file, fileBytes }: { file: FoundFile; fileBytes: number },
): Promise<SentFile> {
  const { content, changedAt } = await readWhole(file, fileBytes);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const query = new URLSearchParams({ kind: file.kind, name: file.name });
  const url = `${connection.server}/uploads/${sha256}?${query}`;
  let response = await put(connection, { url, content });
  if (response.status === 401 && (await connection.renew?.())) response = await put(connection, { url, content });
  const told = await response.text().catch(() => '');
  if (response.status === 401) throw new UploadsRefused(exitCodes.notSignedIn, notSignedIn(connection).message);
  if (response.status === 403) throw new UploadsRefused(exitCodes.notAllowed, sentenceOf(told));
  if (response.status !== 200 && response.status !== 201) {
    throw failed(sentenceOf(told) || `${connection.server} does not take it (HTTP ${response.status}).`);
  }
  return { sha256, sizeBytes: content.length, changedAt };
}

/** The content and when it was changed, of a file that is still one and no link. It is in memory: it may grow meanwhile. */
async function readWhole(
  { path }: FoundFile,
  fileBytes: number,
): Promise<{ content: Uint8Array<ArrayBuffer>; changedAt: number }> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error) => {
    throw failed(unreadable(error));
  });
  try {
    const { size, mtimeMs } = await handle.stat();
    if (size > fileBytes) throw failed(tooLarge(fileBytes));
    const content = new Uint8Array(size);
    let read = 0;
    while (read < size) {
      const { bytesRead } = await handle.read(content, read, size - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return { content: content.subarray(0, read), changedAt: mtimeMs };
  } finally {
    await handle.close();
  }
}

async function put(
  { server, token }: Connection,
  { url, content }: { url: string; content: Uint8Array<ArrayBuffer> },
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'PUT',
      redirect: 'manual',
      headers: {
        'content-type': 'application/octet-stream',
        'user-agent': `da/${version}`,
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: content,
    });
  } catch (error) {
    throw new UploadsRefused(exitCodes.failed, unreachable(server, error).message);
  }
}

/** What the server said: a sentence, or an error as GraphQL answers carry it. */
function sentenceOf(told: string): string {
  try {
    const { errors } = JSON.parse(told) as { errors?: { message?: string }[] };
    return errors?.[0]?.message ?? '';
  } catch {
    return told.trim().slice(0, 500);
  }
}
