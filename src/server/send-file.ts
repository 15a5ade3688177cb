import { open, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';

/** A file that never changes, and how it is sent. */
export interface SentFile {
  readonly path: string;
  /** Identifies the content; strong. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Asked before each piece; the answer breaks off as soon as it is false. */
  allowed(): boolean;
}

const pieceBytes = 1 << 20;

/**
 * Answers GET and HEAD with a file: whole, or one range of it. Resolves, once the answer has ended, to how many bytes went out
 * and whether these were all that was asked for. Rejects when the file cannot be opened.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: SentFile,
): Promise<{ bytes: number; complete: boolean }> {
  const handle = await open(file.path, 'r');
  try {
    const { size } = await handle.stat();
    const headers = { ...file.headers, ETag: file.etag, 'Accept-Ranges': 'bytes' };
    if (namesEtag(request.headers['if-none-match'], file.etag)) {
      response.writeHead(304, headers).end();
      return { bytes: 0, complete: true };
    }
    const range = readRange(request, { etag: file.etag, size });
    if (range === 'unsatisfiable') {
      response.writeHead(416, { ...headers, 'Content-Range': `bytes */${size}` }).end();
      return { bytes: 0, complete: true };
    }
    const { first, end } = range ?? { first: 0, end: size };
    const partial = range && { 'Content-Range': `bytes ${first}-${end - 1}/${size}` };
    response.writeHead(range ? 206 : 200, { ...headers, ...partial, 'Content-Length': end - first });
    if (request.method === 'HEAD') {
      response.end();
      return { bytes: 0, complete: true };
    }
    const bytes = await sendPieces(response, { handle, first, end, allowed: () => file.allowed() });
    return { bytes, complete: bytes === end - first };
  } finally {
    await handle.close();
  }
}

async function sendPieces(
  response: ServerResponse,
  piece: { handle: FileHandle; first: number; end: number; allowed(): boolean },
): Promise<number> {
  const { handle, first, end } = piece;
  let at = first;
  while (at < end && !response.destroyed) {
    if (!piece.allowed()) {
      response.destroy();
      return at - first;
    }
    const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, end - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    if (!response.write(buffer.subarray(0, bytesRead))) await drained(response);
    at += bytesRead;
  }
  if (response.destroyed || at < end) {
    response.destroy();
    return at - first;
  }
  response.end();
  return (await finished(response).then(
    () => true,
    () => false,
  ))
    ? at - first
    : Math.max(0, at - first - response.writableLength);
}

/** Resolves when more can be written, or when nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    function done(): void {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    }
    response.on('drain', done);
    response.on('close', done);
  });
}

interface Range {
  readonly first: number;
  /** Behind the last byte. */
  readonly end: number;
}

/** The one range that is asked for; null for the whole file, which also answers what nobody needs (many ranges). */
function readRange(
  request: IncomingMessage,
  { etag, size }: { etag: string; size: number },
): Range | 'unsatisfiable' | null {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etag) return null;
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [, from = '', to = ''] = match;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return null;
  return first < end ? { first, end } : 'unsatisfiable';
}

function namesEtag(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((name) => name.trim() === '*' || name.trim().replace(/^W\//, '') === etag);
}
