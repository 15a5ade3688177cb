import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from './database.ts';
import type { StoredEvent } from './store.ts';

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
  const { last } = await db
    .selectFrom('events')
    .select((select) => select.fn.max('seq').as('last'))
    .executeTakeFirstOrThrow();
  const rows = emitted.map(({ topic, payload }, offset) => ({
    seq: Number(last ?? 0) + 1 + offset,
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

/** Deletes the events before `before`, but never the newest, which carries the numbering on. Resolves to how many. */
export async function deleteEvents(db: Kysely<Database>, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('events')
    .where('at', '<', before)
    .where('seq', '<', sql<number>`(select max(seq) from events)`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
