import type { Kysely } from 'kysely';
import type { WaitingEvent } from '../../connectors/contract.ts';
import { newId } from '../kernel/ids.ts';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';

declare module '../store/database.ts' {
  interface Database {
    source_events: SourceEventsTable;
    source_deliveries: SourceDeliveriesTable;
  }
}

interface SourceEventsTable {
  id: string;
  source_id: string;
  seq: number;
  event_key: string;
  /** JSON. */
  event: string;
  received_at: Date;
}

interface SourceDeliveriesTable {
  id: string;
  source_id: string;
  received_at: Date;
}

/** What waits for one source. */
export interface WaitingEvents {
  readonly sourceId: string;
  readonly count: number;
  readonly oldestAt: Date;
}

/** Which of these ids of deliveries were taken in before. */
export async function selectKnownDeliveries(tx: WriteTransaction, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.db.selectFrom('source_deliveries').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}

/** Stores a delivery under its ids, none of which is known, and its events behind those that wait. */
export async function insertDelivery(
  tx: WriteTransaction,
  given: { sourceId: string; ids: readonly string[]; events: readonly { key: string; event: unknown }[] },
): Promise<void> {
  const { sourceId, ids, events } = given;
  await tx.db
    .insertInto('source_deliveries')
    .values(ids.map((id) => ({ id, source_id: sourceId, received_at: tx.at })))
    .execute();
  if (events.length === 0) return;
  const last = await tx.db
    .selectFrom('source_events')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  const first = Number(last?.seq ?? 0) + 1;
  await tx.db
    .insertInto('source_events')
    .values(
      events.map(({ key, event }, index) => ({
        id: newId(),
        source_id: sourceId,
        seq: first + index,
        event_key: key,
        event: JSON.stringify(event),
        received_at: tx.at,
      })),
    )
    .execute();
}

/** How many events wait for this source. */
export async function countWaitingEvents(db: Kysely<Database>, sourceId: string): Promise<number> {
  const row = await db
    .selectFrom('source_events')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** What waits, for each source for which something does. */
export async function selectWaitingSources(db: Kysely<Database>): Promise<WaitingEvents[]> {
  const rows = await db
    .selectFrom('source_events')
    .select(({ fn }) => ['source_id', fn.countAll().as('count'), fn.min('received_at').as('oldest_at')])
    .groupBy('source_id')
    .execute();
  return rows.map((row) => ({ sourceId: row.source_id, count: Number(row.count), oldestAt: row.oldest_at }));
}

/** The oldest events that wait for this source, at most `limit`, in the order in which they were received. */
export async function selectWaitingEvents(
  db: Kysely<Database>,
  { sourceId, limit }: { sourceId: string; limit: number },
): Promise<WaitingEvent[]> {
  const rows = await db
    .selectFrom('source_events')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    key: row.event_key,
    event: JSON.parse(row.event) as unknown,
    receivedAt: row.received_at,
  }));
}

const idsPerDelete = 1000;

/** Removes events that are done with. */
export async function deleteSourceEvents(tx: WriteTransaction, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += idsPerDelete) {
    await tx.db
      .deleteFrom('source_events')
      .where('id', 'in', ids.slice(start, start + idsPerDelete))
      .execute();
  }
}

/** Forgets deliveries that were taken in before `before`. */
export async function deleteOldDeliveries(tx: WriteTransaction, before: Date): Promise<void> {
  await tx.db.deleteFrom('source_deliveries').where('received_at', '<', before).execute();
}

/** Removes all that waits for a source, and what is known of its deliveries. */
export async function deleteEventsOfSource(tx: WriteTransaction, sourceId: string): Promise<void> {
  await tx.db.deleteFrom('source_events').where('source_id', '=', sourceId).execute();
  await tx.db.deleteFrom('source_deliveries').where('source_id', '=', sourceId).execute();
}
