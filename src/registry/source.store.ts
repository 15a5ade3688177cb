import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Source } from './source.ts';

declare module '../store/database.ts' {
  interface Database {
    sources: SourcesTable;
  }
}

interface SourcesTable {
  id: string;
  name: string;
  connector: string;
  /** JSON. */
  config: string;
  created_at: Date;
}

/** Inserts a source and tells the registry index. */
export async function insertSource(tx: WriteTransaction, source: Source): Promise<void> {
  await tx.db
    .insertInto('sources')
    .values({
      id: source.id,
      name: source.name,
      connector: source.connector,
      config: JSON.stringify(source.config),
      created_at: source.createdAt,
    })
    .execute();
  tx.emit('source', { op: 'put', row: source });
}

/** Writes what a source is told and tells the registry index. */
export async function updateStoredSource(tx: WriteTransaction, source: Source): Promise<void> {
  await tx.db
    .updateTable('sources')
    .set({ config: JSON.stringify(source.config) })
    .where('id', '=', source.id)
    .execute();
  tx.emit('source', { op: 'put', row: source });
}

/** Removes a source and tells the registry index; the caller has removed its tables. */
export async function deleteStoredSource(tx: WriteTransaction, source: Source): Promise<void> {
  await tx.db.deleteFrom('sources').where('id', '=', source.id).execute();
  tx.emit('source', { op: 'drop', row: source });
}

/** Every source, for the registry index at start. */
export async function selectSources(db: Kysely<Database>): Promise<Source[]> {
  const rows = await db.selectFrom('sources').selectAll().execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    connector: row.connector,
    config: JSON.parse(row.config) as Record<string, unknown>,
    createdAt: row.created_at,
  }));
}
