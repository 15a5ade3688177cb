import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';

declare module '../store/database.ts' {
  interface Database {
    source_task_turns: SourceTaskTurnsTable;
  }
}

interface SourceTaskTurnsTable {
  source_id: string;
  task: string;
  taken_at: Date;
}

/** Notes that a run takes these tasks on now, each named once: their schedules are reckoned from here. */
export async function takeTaskTurns(
  tx: WriteTransaction,
  { sourceId, tasks }: { sourceId: string; tasks: readonly string[] },
): Promise<void> {
  if (tasks.length === 0) return;
  await tx.db
    .insertInto('source_task_turns')
    .values(tasks.map((task) => ({ source_id: sourceId, task, taken_at: tx.at })))
    .onConflict((conflict) =>
      conflict.columns(['source_id', 'task']).doUpdateSet(({ ref }) => ({ taken_at: ref('excluded.taken_at') })),
    )
    .execute();
}

/** When each task of this source was last taken on, by its name. */
export async function selectTaskTurns(db: Kysely<Database>, sourceId: string): Promise<Map<string, Date>> {
  const rows = await db.selectFrom('source_task_turns').selectAll().where('source_id', '=', sourceId).execute();
  return new Map(rows.map((row) => [row.task, row.taken_at]));
}

/** Forgets the turns of a source's tasks. */
export async function deleteTaskTurns(tx: WriteTransaction, sourceId: string): Promise<void> {
  await tx.db.deleteFrom('source_task_turns').where('source_id', '=', sourceId).execute();
}
