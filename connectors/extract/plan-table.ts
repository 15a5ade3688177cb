import type { AttachedTable } from '../contract.ts';
import { isSafeTable } from './config.ts';
import type { ExtractDatabase } from './extract-protocol.ts';
import { planRemote, readsFrom } from './remote-view.ts';
import { readViewPaths } from './view-files.ts';

/** From where the rows of a table come: Parquet files below `data/`, the database itself, or the system where they stay. */
export type TablePlan = { viewPaths: string[] } | { relation: string } | { remote: AttachedTable };

/** Chooses from where to read a table; throws a sentence, about this table alone, when it cannot be read. */
export function planTable(database: ExtractDatabase, table: string): TablePlan {
  if (!isSafeTable(table)) {
    throw new Error(
      `${JSON.stringify(table)} is not a safe name; use at most 64 ASCII letters, digits and underscores.`,
    );
  }
  const isIt = ({ name }: { name: string }) => name.toLowerCase() === table.toLowerCase();
  if (database.meta === null) throw new Error(noMeta);
  const row = database.meta.find(isIt);
  if (!row) throw new Error(`The extract lists no table ${table} in _meta; extract it again, or unregister the table.`);
  const relation = database.relations.find(isIt);
  const isRemote = database.remotes.some(({ alias }) => readsFrom(relation?.sql ?? '', alias));
  if (row.queryMode === 'remote' || isRemote) {
    return { remote: planRemote(database.remotes, { table, sql: relation?.sql ?? null }) };
  }
  if (row.queryMode !== null && row.queryMode !== 'local') {
    throw new Error(`${table} has the query mode ${JSON.stringify(row.queryMode)}, which is not known.`);
  }
  if (!relation)
    throw new Error(`The extract lists ${table}, but has no table or view of that name; extract it again.`);
  const viewPaths = relation.sql === null ? undefined : readViewPaths(relation.sql);
  return viewPaths ? { viewPaths } : { relation: relation.name };
}

/** Why nothing can be read from an extract without a list of its tables. */
export const noMeta = 'extract.duckdb has no table _meta with a column table_name; extract it again.';
