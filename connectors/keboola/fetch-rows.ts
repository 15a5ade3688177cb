import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Connection } from './client.ts';
import { diskFault, downloadFile } from './download-file.ts';
import { ExportFile } from './export-file.ts';
import { refuseInsecure, sliceRequest } from './slice-request.ts';
import { manifestShape, type ManifestEntry, type StorageFile } from './storage-shapes.ts';

const slicesAtOnce = 4;

/**
 * Downloads the file of an export, or its slices side by side, and makes them one CSV file below `folder` whose first line names
 * `columns`; resolves to its path. Memory does not grow with the export.
 */
export async function fetchRows(
  connection: Connection,
  given: { fileId: string; folder: string; columns: readonly string[] },
): Promise<string> {
  const { folder, columns } = given;
  const file = new ExportFile(connection, given.fileId);
  const target = join(folder, 'rows.csv');
  const header = `${columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n`;
  if ((await file.current()).isSliced) {
    await writeFile(target, header);
    const entries = await readManifest(connection, { file, folder });
    await joinSlices(connection, { file, folder, entries, target });
    return target;
  }
  const part = join(folder, 'whole');
  await writeFile(target, '');
  await downloadSigned(connection, file, part);
  await append(part, target, connection.signal);
  await nameColumnsOfNothing(target, header);
  return target;
}

/** What is signed in the link itself needs no credentials. */
function downloadSigned(connection: Connection, file: ExportFile, path: string): Promise<void> {
  let seen: StorageFile | undefined;
  return downloadFile(connection, {
    path,
    async request(headers) {
      seen = await file.current();
      if (!URL.canParse(seen.url)) throw new Error('Keboola delivered the export without a link.');
      const url = new URL(seen.url);
      refuseInsecure(url, connection.stackUrl);
      return { url, headers };
    },
    renew: async () => seen && file.renew(seen),
  });
}

async function readManifest(
  connection: Connection,
  { file, folder }: { file: ExportFile; folder: string },
): Promise<ManifestEntry[]> {
  const path = join(folder, 'manifest');
  await downloadSigned(connection, file, path);
  try {
    return manifestShape.parse(JSON.parse(await readFile(path, 'utf8'))).entries;
  } catch {
    throw new Error('Keboola delivered a list of slices that cannot be read; sync again.');
  }
}

async function joinSlices(
  connection: Connection,
  given: { file: ExportFile; folder: string; entries: readonly ManifestEntry[]; target: string },
): Promise<void> {
  const { file, folder, entries, target } = given;
  const stop = new AbortController();
  const stoppable = { ...connection, signal: AbortSignal.any([connection.signal, stop.signal]) };
  const begun: Promise<string>[] = [];
  const begin = () => {
    const entry = entries[begun.length];
    if (!entry) return;
    const slice = downloadSlice(stoppable, { file, entry, path: join(folder, `slice-${begun.length}`) });
    slice.catch(() => {});
    begun.push(slice);
  };
  try {
    while (begun.length < Math.min(slicesAtOnce, entries.length)) begin();
    for (let index = 0; index < entries.length; index += 1) {
      const part = await begun[index];
      begin();
      if (part !== undefined) await append(part, target, stoppable.signal);
    }
  } finally {
    stop.abort();
    await Promise.allSettled(begun);
  }
}

async function downloadSlice(
  connection: Connection,
  { file, entry, path }: { file: ExportFile; entry: ManifestEntry; path: string },
): Promise<string> {
  let seen: StorageFile | undefined;
  await downloadFile(connection, {
    path,
    bytes: entry.meta?.content_length ?? null,
    async request(headers) {
      seen = await file.current();
      return sliceRequest(seen, { address: entry.url, headers, stackUrl: connection.stackUrl });
    },
    renew: async () => seen && file.renew(seen),
  });
  return path;
}

/** Adds a file, unpacked where it is packed, and ends its last line; then removes it. */
async function append(part: string, target: string, signal: AbortSignal): Promise<void> {
  let last: number | undefined;
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      last = chunk.at(-1) ?? last;
      done(null, chunk);
    },
    flush(done) {
      done(null, last === undefined || last === 0x0a ? undefined : '\n');
    },
  });
  const [source, sink] = [createReadStream(part), createWriteStream(target, { flags: 'a' })];
  try {
    if (await isGzip(part)) await pipeline(source, createGunzip(), watch, sink, { signal });
    else await pipeline(source, watch, sink, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (sink.errored && 'syscall' in sink.errored) throw diskFault(sink.errored);
    throw new Error('Keboola delivered a packed file that cannot be unpacked; sync again.', { cause: error });
  }
  await rm(part, { force: true });
}

/** No text in UTF-8 begins so. */
async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** An export without rows may be a file without a line. */
async function nameColumnsOfNothing(target: string, header: string): Promise<void> {
  const handle = await open(target);
  const { size } = await handle.stat();
  await handle.close();
  if (size === 0) await writeFile(target, header);
}
