import { hasRows } from '../store/postgres/peek.ts';
import { UpgradeTargetInUseError } from './open-upgraded-store.ts';
import type { UpgradeReport } from './upgrade-report.ts';
import { tablesInUse } from './upgrade.store.ts';

/**
 * Whether what was found would go into this PostgreSQL; changes nothing. Somebody’s database takes no files from before there was one; that a
 * database of the predecessor would stand beside it is an `UpgradeTargetInUseError`.
 */
export async function fitsTarget(
  { file, version }: Pick<UpgradeReport, 'file' | 'version'>,
  databaseUrl: string,
): Promise<boolean> {
  const isInUse = await hasRows(databaseUrl, tablesInUse);
  if (isInUse && version > 0) throw new UpgradeTargetInUseError(file);
  return !isInUse;
}
