import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed } from '../failure.ts';
import { version } from '../version.ts';
import { unreachable } from './unreachable.ts';

/** Where a file goes and what it must be. */
export interface Wanted {
  /** As messages name it. */
  readonly server: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly onProgress?: (bytes: number) => void;
}

/** Fetches a signed URL into `path`, which holds the whole file with this hash afterwards, or what it held before. */
export async function download(url: string, wanted: Wanted): Promise<void> {
  const { path } = wanted;
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await fetchInto(draft, url, wanted);
    await rename(draft, path).catch((error: NodeJS.ErrnoException) => {
      throw unwritable(path, error);
    });
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function fetchInto(draft: string, url: string, wanted: Wanted): Promise<void> {
  const file = await open(draft, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw unwritable(wanted.path, error);
  });
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of pieces(url, wanted.server)) {
      await file.writeFile(piece).catch((error: NodeJS.ErrnoException) => {
        throw unwritable(wanted.path, error);
      });
      hash.update(piece);
      bytes += piece.length;
      wanted.onProgress?.(bytes);
    }
    if (bytes !== wanted.sizeBytes || hash.digest('hex') !== wanted.sha256) {
      throw failed(`${wanted.server} sent another file than it promised; try again.`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function* pieces(url: string, server: string): AsyncGenerator<Uint8Array, void> {
  let response: Response;
  try {
    response = await fetch(url, { redirect: 'manual', headers: { 'user-agent': `da/${version}` } });
  } catch (error) {
    throw unreachable(server, error);
  }
  if (response.status !== 200) {
    const told = response.status >= 400 && response.status < 500 ? (await response.text()).trim().slice(0, 500) : '';
    throw failed(told || `${server} did not give the file (HTTP ${response.status}).`);
  }
  try {
    for await (const piece of response.body ?? []) yield piece as Uint8Array;
  } catch (error) {
    throw failed(`${server} broke the download off (${(error as Error).message}); a right may be gone, or the line.`);
  }
}

function unwritable(path: string, { code }: NodeJS.ErrnoException): Error {
  return failed(`${path} cannot be written (${code}).`);
}
