import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from './database.ts';
import type { EventPage, EventRange, StoredEvent } from './store.ts';

const rowsPerInsert = 500;

/** An event as the transaction emitted it; `payload` is JSON text already, so that later changes do not reach it. */
export interface EmittedEvent {
  topic: string;
  payload: string;
}

/** Gives the events their numbers and stores them. Needs to be the only writer: the numbers have no gaps. */
export async function insertEvents(
  db: Transaction<Database>,
  at: Date,
  emitted: readonly EmittedEvent[],
): Promise<StoredEvent[]> {
  if (emitted.length === 0) return [];
  const last = await selectLastSeq(db);
  const rows = emitted.map(({ topic, payload }, offset) => ({
    seq: last + 1 + offset,
    at,
    topic,
    payload,
  }));
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    await db
      .insertInto('events')
      .values(rows.slice(start, start + rowsPerInsert))
      .execute();
  }
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as unknown }));
}

/** Reads the oldest events after `after`; what was pruned meanwhile shows in `oldestSeq`. */
export async function selectEvents(db: Kysely<Database>, { topic, after, limit }: EventRange): Promise<EventPage> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('topic', '=', topic)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
  const { oldest } = await db
    .selectFrom('events')
    .select((select) => select.fn.min('seq').as('oldest'))
    .executeTakeFirstOrThrow();
  return {
    events: rows.map((row) => ({ ...row, seq: Number(row.seq), payload: JSON.parse(row.payload) as unknown })),
    oldestSeq: Number(oldest ?? 0),
  };
}

/** The number of the newest event, or 0. */
export async function selectLastSeq(db: Kysely<Database>): Promise<number> {
  const { last } = await db
    .selectFrom('events')
    .select((select) => select.fn.max('seq').as('last'))
    .executeTakeFirstOrThrow();
  return Number(last ?? 0);
}

/** Deletes the events before `before`, but never the newest, which carries the numbering on. Resolves to how many. */
export async function deleteEvents(db: Kysely<Database>, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('events')
    .where('at', '<', before)
    .where('seq', '<', sql<number>`(select max(seq) from events)`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
