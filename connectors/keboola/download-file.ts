import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Connection } from './client.ts';
import { AnswerError, mayPass, networkFault, PassingError } from './faults.ts';
import { pauseAfter } from './pace.ts';
import type { SliceRequest } from './slice-request.ts';

/** One file of an export on its way to this machine. */
export interface Download {
  /** Where it goes. */
  path: string;
  /** How many bytes it has, where that is known before. */
  bytes?: number | null;
  /** The request for it with what opens the storage now; `headers` are to be sent along. */
  request(headers: Record<string, string>): Promise<SliceRequest>;
  /** Gets what opens the storage anew, because it does not any more. */
  renew(): Promise<void>;
}

const attemptsWithoutProgress = 5;
const mostRenewals = 3;

interface Progress {
  written: number;
  etag: string | null;
}

/**
 * Downloads a file whole: goes on where the connection was cut, asks again when the storage is busy, renews links that have
 * expired, and counts the bytes. Rejects with the signal's reason once that is aborted.
 */
export async function downloadFile(connection: Connection, download: Download): Promise<void> {
  const { signal, pause } = connection;
  const progress: Progress = { written: 0, etag: null };
  let failures = 0;
  let renewals = 0;
  for (;;) {
    signal.throwIfAborted();
    const before = progress.written;
    let response: Response | undefined;
    try {
      const request = await download.request(resumption(progress));
      response = await openDownload(connection, request);
      await refuseAnswer(request.url, response);
      await receive(connection, { download, progress, response });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AnswerError && isExpired(error.status) && renewals < mostRenewals) {
        renewals += 1;
        await download.renew();
        continue;
      }
      if (!isPassing(error)) throw error;
      progress.written = await sizeOf(download.path, progress);
      failures = progress.written > before ? 1 : failures + 1;
      if (failures >= attemptsWithoutProgress) throw error;
      await pause(pauseAfter(failures, response?.ok ? undefined : response), signal);
    }
  }
}

/** Goes on behind what is here, if the file is still the same; otherwise the storage sends all of it. */
function resumption({ written, etag }: Progress): Record<string, string> {
  return written > 0 && etag !== null ? { Range: `bytes=${written}-`, 'If-Range': etag } : {};
}

async function openDownload(connection: Connection, { url, headers }: SliceRequest): Promise<Response> {
  const { fetch, signal, patienceSeconds } = connection;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(timeOut()), patienceSeconds * 1000);
  try {
    const given = { headers, redirect: 'manual', signal: AbortSignal.any([signal, late.signal]) } as const;
    return await fetch(url, given);
  } catch (error) {
    throw networkFault(url.host, error);
  } finally {
    clearTimeout(timer);
  }
}

function timeOut(): DOMException {
  return new DOMException('nothing came in time', 'TimeoutError');
}

async function refuseAnswer(url: URL, response: Response): Promise<void> {
  if (response.ok) return;
  await response.body?.cancel();
  throw new AnswerError(response.status, `${url.host} refuses a part of the export (${response.status}); sync again.`);
}

/** Links and temporary credentials that have expired are refused in different ways, and what they point to may be gone. */
function isExpired(status: number): boolean {
  return status >= 300 && status < 500 && !mayPass(status);
}

function isPassing(error: unknown): boolean {
  return error instanceof PassingError || (error instanceof AnswerError && error.retryable);
}

async function receive(
  connection: Connection,
  given: { download: Download; progress: Progress; response: Response },
): Promise<void> {
  const { download, progress, response } = given;
  const { host } = new URL(response.url || connection.stackUrl);
  const goesOn =
    response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${progress.written}-`);
  if (response.status === 206 && !goesOn) {
    await response.body?.cancel();
    progress.etag = null;
    throw new PassingError(`${host} sent another part of a file than was asked for.`);
  }
  if (!goesOn) progress.written = 0;
  progress.etag = strongTag(response.headers.get('etag'));
  const expected = expectedBytes(response, progress.written) ?? download.bytes ?? null;
  await save(connection, { path: download.path, progress, response, host });
  if (expected !== null && progress.written !== expected) {
    progress.etag = null;
    throw new PassingError(`${host} sent ${progress.written} bytes instead of ${expected}; sync again.`);
  }
  if (!isEncoded(response) && download.bytes && progress.written !== download.bytes) {
    throw new Error(`${host} holds ${progress.written} bytes of a part that has ${download.bytes}; sync again.`);
  }
}

/** What a proxy unpacked on the way has another length than the file. */
function isEncoded(response: Response): boolean {
  return response.headers.get('content-encoding') !== null;
}

function expectedBytes(response: Response, before: number): number | null {
  const length = response.headers.get('content-length');
  return length === null || isEncoded(response) ? null : before + Number(length);
}

function strongTag(etag: string | null): string | null {
  return etag === null || etag.startsWith('W/') ? null : etag;
}

async function save(
  connection: Connection,
  given: { path: string; progress: Progress; response: Response; host: string },
): Promise<void> {
  const { path, progress, response, host } = given;
  if (isEncoded(response)) progress.etag = null;
  const file = createWriteStream(path, { flags: progress.written > 0 ? 'a' : 'w' });
  if (!response.body) throw new PassingError(`${host} sent no file.`);
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  const late = setTimeout(() => body.destroy(timeOut()), connection.patienceSeconds * 1000);
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      late.refresh();
      progress.written += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, count, file, { signal: connection.signal });
  } catch (error) {
    if (file.errored && 'syscall' in file.errored) throw diskFault(file.errored);
    throw networkFault(host, error);
  } finally {
    clearTimeout(late);
  }
}

/** What arrived of a file and is on disk; less than was counted when the writing was cut off, too. */
async function sizeOf(path: string, progress: Progress): Promise<number> {
  if (progress.etag === null) return 0;
  const found = await stat(path).catch(() => undefined);
  return Math.min(found?.size ?? 0, progress.written);
}

/** A fault of this machine's disk as a sentence without a path. */
export function diskFault(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new Error(`The disk of the server cannot take the download (${code}); make room or give the right to write.`);
}
