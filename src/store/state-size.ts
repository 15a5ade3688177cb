import { sql } from 'kysely';
import type { Store } from './store.ts';

/** How many bytes the state database takes where it is kept; what DuckDB has only in its log is not counted. */
export async function readStateSize({ db, dialect }: Store): Promise<number> {
  const statement =
    dialect === 'postgres'
      ? sql<{ bytes: unknown }>`select pg_database_size(current_database()) as bytes`
      : sql<{
          bytes: unknown;
        }>`select block_size * total_blocks as bytes from pragma_database_size() where database_name = current_database()`;
  const { rows } = await statement.execute(db);
  return Number(rows[0]?.bytes);
}
