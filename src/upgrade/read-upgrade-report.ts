import { existsSync } from 'node:fs';
import { readForeignFile, type ForeignValue } from '../store/duckdb/foreign-file.ts';
import type { Store, WriteTransaction } from '../store/store.ts';
import type { UpgradeReport } from './upgrade-report.ts';
import { deleteKeptOf, selectUpgrade } from './upgrade.store.ts';

/** The report of the upgrade from the predecessor; null when this state began here. */
export function readUpgradeReport(store: Store): Promise<UpgradeReport | null> {
  return selectUpgrade(store.db);
}

/** The same of a state in a file of DuckDB, which stays as it is; null when there is no such file, too. */
export async function readUpgradeReportIn(file: string): Promise<Omit<UpgradeReport, 'at'> | null> {
  if (!existsSync(file)) return null;
  return readForeignFile({ file, timeZone: 'UTC' }, async (state) => {
    let last: Record<string, ForeignValue> | null = null;
    for await (const rows of state.rows('upgrades')) {
      for (const row of rows) if (!last || Number(row['at']) > Number(last['at'])) last = row;
    }
    return last && (JSON.parse(String(last['report'])) as UpgradeReport);
  });
}

/** What goes along with a user of what was kept from the predecessor; it is not counted. */
export async function removeKeptOf(tx: WriteTransaction, userId: string): Promise<Record<string, never>> {
  await deleteKeptOf(tx, userId);
  return {};
}
