import { parquetPieces } from '../../engine/parquet-pieces.ts';
import type { FileOrder } from './file-order.ts';
import { readPieces } from './open-range.ts';

/** Bytes of a file that is being put together: out of a file on this laptop, or (`from` is null) of the server’s file. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
  readonly from: { readonly path: string; readonly offset: number } | null;
}

/** Asking for less than this by itself costs more than it saves. */
const leastReused = 64 * 1024;

/**
 * The bytes of the order’s file from `start` on, in order: row groups that stand in a relative come from there, what is between
 * them comes from the server, with as few requests as can be.
 */
export async function piecesToFetch(order: FileOrder, start: number): Promise<Stretch[]> {
  const pieces = await readPieces(order);
  const { sizeBytes } = order.file;
  const rest = [{ offset: start, length: sizeBytes - start, from: null }];
  if (!pieces || pieces.reduce((sum, [length]) => sum + length, 0) !== sizeBytes) return rest;
  const known = await piecesOf(order.relatives);
  const stretches: Stretch[] = [];
  let offset = 0;
  for (const [length, sha256] of pieces) {
    const end = offset + length;
    const from = length < leastReused ? null : (known.get(sha256) ?? null);
    if (end > start) add(stretches, cut({ offset, length, from }, start));
    offset = end;
  }
  return stretches;
}

/** Where each piece of these files stands; a file that cannot be read has none. */
async function piecesOf(paths: readonly string[]): Promise<Map<string, NonNullable<Stretch['from']>>> {
  const known = new Map<string, NonNullable<Stretch['from']>>();
  for (const path of paths) {
    const pieces = await parquetPieces(path).catch(() => []);
    for (const { offset, sha256 } of pieces) known.set(sha256, { path, offset });
  }
  return known;
}

/** What of the stretch is at or behind `start`. */
function cut(stretch: Stretch, start: number): Stretch {
  const skipped = Math.max(0, start - stretch.offset);
  const { offset, length, from } = stretch;
  return {
    offset: offset + skipped,
    length: length - skipped,
    from: from && { path: from.path, offset: from.offset + skipped },
  };
}

function add(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1);
  if (last && !last.from && !next.from) stretches.splice(-1, 1, { ...last, length: last.length + next.length });
  else stretches.push(next);
}
