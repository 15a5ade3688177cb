import type { KnownTable, Upgrade } from './upgrade.ts';

/** The table that the predecessor meant: its id, or, where there is no such id, its name, which several tables may have. */
export function tablesMeant({ tables }: Upgrade, named: string): KnownTable[] {
  const byId = tables.filter(({ oldId }) => oldId === named);
  return byId.length > 0 ? byId : tables.filter(({ oldName }) => oldName === named);
}

/** Why `tablesMeant` does not tell one table. */
export function whyNotOne(meant: readonly KnownTable[], named: string): string {
  return meant.length === 0 ? `there is no table ${named}` : `several tables are called ${named}`;
}
