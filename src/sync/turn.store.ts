import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import { turnTopic, type TurnChange } from './turns.ts';

declare module '../store/database.ts' {
  interface Database {
    table_turns: TableTurnsTable;
  }
}

interface TableTurnsTable {
  table_id: string;
  taken_at: Date;
}

const rowsPerInsert = 500;

/** Notes that a run takes these tables on now, each named once: their schedules are reckoned from here. */
export async function takeTurns(tx: WriteTransaction, tableIds: readonly string[]): Promise<void> {
  for (let start = 0; start < tableIds.length; start += rowsPerInsert) {
    const ids = tableIds.slice(start, start + rowsPerInsert);
    await tx.db
      .insertInto('table_turns')
      .values(ids.map((id) => ({ table_id: id, taken_at: tx.at })))
      .onConflict((conflict) =>
        conflict.column('table_id').doUpdateSet(({ ref }) => ({ taken_at: ref('excluded.taken_at') })),
      )
      .execute();
  }
  tx.emit(turnTopic, { tableIds, takenAt: tx.at.toISOString() } satisfies TurnChange);
}

/** Forgets the turns of these tables: those with a schedule are due at once. */
export async function releaseTurns(tx: WriteTransaction, tableIds: readonly string[]): Promise<void> {
  if (tableIds.length === 0) return;
  await tx.db.deleteFrom('table_turns').where('table_id', 'in', tableIds).execute();
  tx.emit(turnTopic, { tableIds, takenAt: null } satisfies TurnChange);
}

/** Every turn that was taken, for the index at start. */
export async function selectTurns(db: Kysely<Database>): Promise<{ tableId: string; takenAt: Date }[]> {
  const rows = await db.selectFrom('table_turns').selectAll().execute();
  return rows.map((row) => ({ tableId: row.table_id, takenAt: row.taken_at }));
}
