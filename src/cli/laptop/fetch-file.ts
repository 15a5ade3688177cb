import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed } from '../failure.ts';
import { moveDurably } from '../workspace/write-durably.ts';
import { BrokenOff, WrongContent } from './download-faults.ts';
import type { FileOrder } from './file-order.ts';
import { openRange } from './open-range.ts';
import { partPath } from './parts.ts';
import { piecesToFetch, type Stretch } from './reuse-pieces.ts';

const retryMilliseconds = 300;

/**
 * Brings one file of a table: goes on with what a broken-off download left, and takes row groups that are on this laptop from
 * there. The hash is made while writing; the file is put in place only when it is right, and is durable then. A line that breaks
 * is tried again for as long as each try brings something.
 */
export async function fetchFile(order: FileOrder): Promise<void> {
  let sent = 0;
  function onSent(bytes: number): void {
    sent += bytes;
    order.onSent(bytes);
  }
  for (;;) {
    const before = sent;
    try {
      return await bring({ ...order, onSent });
    } catch (error) {
      const mayGoOn = error instanceof WrongContent ? error.resumed : error instanceof BrokenOff && sent > before;
      if (!mayGoOn) throw error;
      await sleep(retryMilliseconds);
    }
  }
}

async function bring(order: FileOrder): Promise<void> {
  const { file, incoming } = order;
  const part = partPath(incoming, file);
  await mkdir(incoming, { recursive: true });
  await mkdir(dirname(order.path), { recursive: true });
  const { hash, length } = await begin(part, file.sizeBytes);
  const output = await open(part, 'a');
  try {
    for (const stretch of await stretchesFrom(order, length)) await append(order, { stretch, output, hash });
    if (hash.digest('hex') !== file.sha256) throw wrongContent(order, length > 0);
    await output.sync();
  } catch (error) {
    if (error instanceof WrongContent) await rm(part, { force: true });
    throw error;
  } finally {
    await output.close();
  }
  await order.beforeStep('place file');
  await chmod(part, 0o444);
  await moveDurably(part, order.path);
}

/** What is there of the file, hashed. More than the file can have is thrown away. */
async function begin(part: string, sizeBytes: number): Promise<{ hash: Hash; length: number }> {
  const hash = createHash('sha256');
  const found = await stat(part).catch(() => null);
  if (!found) return { hash, length: 0 };
  if (found.size > sizeBytes) {
    await rm(part);
    return { hash, length: 0 };
  }
  await chmod(part, 0o644);
  for await (const chunk of createReadStream(part, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return { hash, length: found.size };
}

/** What is still to be written, in order: bytes of the server’s file, or the same bytes out of a file on this laptop. */
async function stretchesFrom(order: FileOrder, length: number): Promise<Stretch[]> {
  const { file, relatives } = order;
  const rest = { offset: length, length: file.sizeBytes - length, from: null };
  if (rest.length === 0) return [];
  return relatives.length === 0 ? [rest] : piecesToFetch(order, length);
}

async function append(
  order: FileOrder,
  { stretch, output, hash }: { stretch: Stretch; output: FileHandle; hash: Hash },
): Promise<void> {
  const { offset, length, from } = stretch;
  const chunks = from
    ? createReadStream(from.path, { start: from.offset, end: from.offset + length - 1, highWaterMark: 1 << 20 })
    : openRange(order, { offset, length });
  let came = 0;
  for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
    came += chunk.length;
    if (came > length) throw wrongContent(order, false);
    if (!from) order.onSent(chunk.length);
    hash.update(chunk);
    await write(order, { output, chunk });
    order.onBytes(chunk.length);
  }
  if (came < length) throw new BrokenOff(order.table.sqlName);
}

async function write(
  { path, beforeStep }: FileOrder,
  { output, chunk }: { output: FileHandle; chunk: Uint8Array },
): Promise<void> {
  try {
    await beforeStep('write bytes');
    await output.writeFile(chunk);
  } catch (error) {
    throw failed(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function wrongContent({ connection, table }: FileOrder, resumed: boolean): WrongContent {
  return new WrongContent({ server: connection.server, sqlName: table.sqlName, resumed });
}
