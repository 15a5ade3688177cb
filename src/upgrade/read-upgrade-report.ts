import type { Store, WriteTransaction } from '../store/store.ts';
import type { UpgradeReport } from './upgrade-report.ts';
import { deleteKeptOf, selectUpgrade } from './upgrade.store.ts';

/** The report of the upgrade from the predecessor; null when this state began here. */
export function readUpgradeReport(store: Store): Promise<UpgradeReport | null> {
  return selectUpgrade(store.db);
}

/** What goes along with a user of what was kept from the predecessor; it is not counted. */
export async function removeKeptOf(tx: WriteTransaction, userId: string): Promise<Record<string, never>> {
  await deleteKeptOf(tx, userId);
  return {};
}
