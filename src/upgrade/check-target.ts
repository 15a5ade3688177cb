import { hasRows } from '../store/postgres/peek.ts';
import { UpgradeTargetInUseError } from './open-upgraded-store.ts';
import { tablesInUse } from './upgrade.store.ts';

/** Throws an `UpgradeTargetInUseError` when the state in `file` could not go into this PostgreSQL; changes nothing. */
export async function checkTarget(file: string, databaseUrl: string): Promise<void> {
  if (await hasRows(databaseUrl, tablesInUse)) throw new UpgradeTargetInUseError(file);
}
