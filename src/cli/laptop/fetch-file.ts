import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed, type CommandFailure } from '../failure.ts';
import { moveDurably } from '../workspace/write-durably.ts';
import type { FileOrder } from './file-order.ts';
import { openRange } from './open-range.ts';
import { piecesToFetch, type Stretch } from './reuse-pieces.ts';

/**
 * Brings one file of a table: goes on with what a broken-off download left, and takes row groups that are on this laptop from
 * there. The hash is made while writing; the file is put in place only when it is right, and is durable then. Resolves to how
 * many bytes came over the line.
 */
export async function fetchFile(order: FileOrder): Promise<number> {
  const { file, incoming } = order;
  const part = join(incoming, `${file.sha256}.part`);
  await mkdir(incoming, { recursive: true });
  await mkdir(dirname(order.path), { recursive: true });
  const { hash, length } = await begin(part, file.sizeBytes);
  const output = await open(part, 'a');
  let sent = 0;
  try {
    for (const stretch of await stretchesFrom(order, length)) {
      if (stretch.from === null) sent += stretch.length;
      await append(order, { stretch, output, hash });
    }
    if (hash.digest('hex') !== file.sha256) throw wrongContent(order);
    await output.sync();
  } catch (error) {
    if (isWrongContent(error)) await rm(part, { force: true });
    throw error;
  } finally {
    await output.close();
  }
  await moveDurably(part, order.path);
  return sent;
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
    if (came > length) throw wrongContent(order);
    hash.update(chunk);
    await output.writeFile(chunk).catch((error: NodeJS.ErrnoException) => {
      throw failed(`${order.path} cannot be written (${error.code}).`);
    });
    order.onBytes(chunk.length);
  }
  if (came < length) throw failed(`The download of ${order.table.sqlName} was broken off; run \`da sync\` again.`);
}

const wrongContents = new WeakSet<object>();

function wrongContent({ connection, table }: FileOrder): CommandFailure {
  const failure = failed(`${connection.server} sent another file of ${table.sqlName} than it promised; try again.`);
  wrongContents.add(failure);
  return failure;
}

function isWrongContent(error: unknown): boolean {
  return wrongContents.has(error as object);
}
