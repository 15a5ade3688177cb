import { z, type ZodType } from 'zod';
import { InvalidInputError } from '../src/kernel/errors.ts';
import { findNul } from '../src/kernel/unstorable-text.ts';
import { asGraphQLError } from './rules.ts';

const defaultPage = 50;
const largestPage = 500;

/** Arguments of a list that grows: Relay's `first` and `after`. */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
}

/** A page in the shape of the Relay connection specification. */
export interface Connection<Item> {
  edges: { cursor: string; node: Item }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/**
 * Reads one page: `list` gets how many items to fetch and the key behind which to begin; `keyOf` is an item's key, and
 * `key` its shape. Keys are made opaque as cursors. `first` is 50 unless given, at most 500.
 */
export async function readPage<Item, Key>(
  given: PageArguments,
  source: {
    key: ZodType<Key>;
    list: (limit: number, after: Key | undefined) => Promise<Item[]> | Item[];
    keyOf: (item: Item) => Key;
  },
): Promise<Connection<Item>> {
  const first = pageSize(given.first);
  const items = await source.list(first + 1, given.after == null ? undefined : decodeCursor(given.after, source.key));
  const edges = items.slice(0, first).map((node) => ({ node, cursor: encodeCursor(source.keyOf(node)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: items.length > first,
      hasPreviousPage: given.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** How many items to show when `first` is given; throws unless it is 1 to 500. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPage;
  if (size >= 1 && size <= largestPage) return size;
  throw asGraphQLError(new InvalidInputError([{ path: 'first', message: `Give a number from 1 to ${largestPage}.` }]));
}

function encodeCursor(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decodeCursor<Key>(cursor: string, key: ZodType<Key>): Key {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (findNul(decoded) === null) return key.parse(decoded);
  } catch {
    // Not a cursor, like one that decodes to something else.
  }
  throw asGraphQLError(new InvalidInputError([{ path: 'after', message: 'This is not a cursor of this list.' }]));
}

const latestMilliseconds = 8.64e15;

/** The key of a list in the order of a text that tells its items apart. */
export const textKey = z.string();

/** The key of a list in the order of time: milliseconds since the epoch, and the id where two share an instant. */
export const atKey = z.strictObject({
  at: z.int().min(0).max(latestMilliseconds),
  id: z.string(),
});
