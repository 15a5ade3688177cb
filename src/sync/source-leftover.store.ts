import type { Kysely } from 'kysely';
import type { Source } from '../registry/source.ts';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';

declare module '../store/database.ts' {
  interface Database {
    source_leftovers: SourceLeftoversTable;
  }
}

interface SourceLeftoversTable {
  source_id: string;
  name: string;
}

/** Notes that the folder of a source that is deleted in this transaction has to go. */
export async function insertSourceLeftover(tx: WriteTransaction, { id, name }: Source): Promise<void> {
  await tx.db.insertInto('source_leftovers').values({ source_id: id, name }).execute();
}

/** The deleted sources whose folders may still be there. */
export async function selectSourceLeftovers(db: Kysely<Database>): Promise<{ sourceId: string; name: string }[]> {
  const rows = await db.selectFrom('source_leftovers').selectAll().execute();
  return rows.map((row) => ({ sourceId: row.source_id, name: row.name }));
}

/** Notes that nothing of this deleted source is left. */
export async function deleteSourceLeftover(tx: WriteTransaction, sourceId: string): Promise<void> {
  await tx.db.deleteFrom('source_leftovers').where('source_id', '=', sourceId).execute();
}
