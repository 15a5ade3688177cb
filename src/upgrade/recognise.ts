import type { ForeignFile } from '../store/duckdb/foreign-file.ts';
import { isOfPredecessor, lastVersionOfPredecessor } from '../store/migrations.ts';
import { PredecessorTooNewError } from '../store/open-errors.ts';

/** Which schema a file of the predecessor has. */
export interface RecognisedSchema {
  /** The greatest row of `schema_version`; null: it has none, or only zeros. */
  readonly stated: number | null;
  /** What its tables and columns say, 1 to 9; 0 without a database. */
  readonly shape: number;
}

/** Which schema the file has; null when it is none of the predecessor's. Throws a `PredecessorTooNewError`. */
export async function recognise(old: ForeignFile, file: string): Promise<RecognisedSchema | null> {
  const stated = await statedVersion(old);
  if (!isOfPredecessor([...old.tables.keys()], stated ?? 0)) return null;
  if (stated !== null && stated > lastVersionOfPredecessor) throw new PredecessorTooNewError(file, stated);
  return { stated, shape: shapeOf(old) };
}

async function statedVersion(old: ForeignFile): Promise<number | null> {
  let newest = 0;
  if (!old.tables.get('schema_version')?.includes('version')) return null;
  for await (const rows of old.rows('schema_version')) {
    for (const { version } of rows) newest = Math.max(newest, Number(version ?? 0));
  }
  return newest === 0 ? null : newest;
}

/**
 * Goes by what is missing first: the predecessor adds missing tables in their newest shape before it changes old ones, so
 * that a table which is there proves nothing, but a column which is missing does.
 */
function shapeOf({ tables }: ForeignFile): number {
  const lacks = (table: string, column: string) => !tables.get(table)?.includes(column);
  if (lacks('table_registry', 'source_type')) return 1;
  if (lacks('table_registry', 'is_public')) return 2;
  if (lacks('users', 'active')) return tables.has('metric_definitions') ? 4 : 3;
  if (!tables.has('personal_access_tokens')) return 5;
  if (lacks('personal_access_tokens', 'last_used_ip')) return 6;
  if (!tables.has('internal_roles')) return 7;
  return lacks('internal_roles', 'implies') || !tables.has('user_role_grants') ? 8 : 9;
}
