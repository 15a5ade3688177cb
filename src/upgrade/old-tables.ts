import type { KnownTable, Upgrade } from './upgrade.ts';

/** The table that the predecessor meant: its id, or, where there is no such id, its name, which several tables may have. */
export function tablesMeant({ tables }: Pick<Upgrade, 'tables'>, named: string): KnownTable[] {
  const byId = tables.filter(({ oldId }) => oldId === named);
  return byId.length > 0 ? byId : tables.filter(({ oldName }) => oldName === named);
}

/**
 * The table whose sync the predecessor noted, by its name, which several tables may have; the table of that id where none has the name,
 * and first of all in what is older than the database.
 */
export function tablesSynced(upgrade: Pick<Upgrade, 'tables' | 'older'>, named: string): KnownTable[] {
  const byName = upgrade.older.has('sync_state') ? [] : upgrade.tables.filter(({ oldName }) => oldName === named);
  return byName.length > 0 ? byName : tablesMeant(upgrade, named);
}

/** Why these are not one table. */
export function whyNotOne(meant: readonly KnownTable[], named: string): string {
  return meant.length === 0 ? `there is no table ${named}` : `several tables are called ${named}`;
}
