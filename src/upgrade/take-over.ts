import { Ledger, type Receiver } from './ledger.ts';
import { readOldInstanceFile } from './old-instance-file.ts';
import { refuseUnfit } from './refuse-unfit.ts';
import { readOlderForms } from './older-forms.ts';
import { addOlderForms } from './older-state.ts';
import { takeAudit } from './take-audit.ts';
import { takeFiles } from './take-files.ts';
import { takeKept } from './take-kept.ts';
import { takeMetrics } from './take-metrics.ts';
import { takeAccessRequests, takePermissions } from './take-permissions.ts';
import { takeRawJira } from './take-raw-jira.ts';
import { takeRoles } from './take-roles.ts';
import { takeSettings } from './take-settings.ts';
import { takeSync } from './take-sync.ts';
import { takeTables } from './take-tables.ts';
import { takeTokens } from './take-tokens.ts';
import { takeUploads } from './take-uploads.ts';
import { takeUsers } from './take-users.ts';
import { StoreOpenError } from '../store/open-errors.ts';
import { TakeOverError } from './take-over-error.ts';
import { rowsOf, type Upgrade } from './upgrade.ts';
import type { UpgradeReport } from './upgrade-report.ts';

/**
 * Reads every table of the predecessor and hands what stands for it here to `receive`; resolves to the id of the upgrade and to
 * what its report says. Files beside the state are read, and Parquet files are published unless it is a trial. Throws a `TakeOverError` that names the table, and an `UnfitFileError`.
 */
export async function takeOver(
  given: Pick<Upgrade, 'settings' | 'schema' | 'old' | 'at' | 'isTrial'>,
  receive: Receiver,
): Promise<
  { id: string } & Pick<UpgradeReport, 'version' | 'timeZone' | 'tables' | 'leftovers' | 'warnings' | 'files'>
> {
  const { settings, schema } = given;
  const ledger = new Ledger(receive);
  refuseUnfit(settings);
  try {
    const file = readOldInstanceFile(settings);
    const combined = await addOlderForms({ old: given.old, ledger }, readOlderForms(settings, file));
    const roleKeys = new Set(settings.definedRoles);
    const upgrade: Upgrade = {
      ...given,
      ...combined,
      ledger,
      listings: new Map(),
      users: new Map(),
      roleKeys,
      tables: [],
    };
    if (schema.stated !== null && schema.stated !== schema.shape) {
      ledger.warn(
        `The file says schema version ${schema.stated}, but its tables are those of version ${schema.shape}, which was gone by.`,
      );
    }
    if (schema.stated === null && schema.shape > 0)
      ledger.warn(`The file says no schema version; its tables are those of version ${schema.shape}.`);
    for (const table of ['users', 'table_registry'] as const) {
      if (!upgrade.old.tables.has(table) && schema.shape > 0) ledger.warn(`The file has no table ${table}.`);
    }
    await takeRoles(upgrade, await takeUsers(upgrade));
    await takeTokens(upgrade);
    await takeTables(upgrade, file);
    await takePermissions(upgrade);
    await takeAccessRequests(upgrade);
    await takeSync(upgrade, await takeFiles(upgrade));
    await takeRawJira(upgrade);
    await takeUploads(upgrade);
    await takeMetrics(upgrade);
    await takeKept(upgrade);
    await takeAudit(upgrade);
    await takeSettings(upgrade, file);
    await takeUnknown(upgrade);
  } catch (error) {
    if (error instanceof TakeOverError || error instanceof StoreOpenError) throw error;
    throw new TakeOverError(ledger.current, error);
  }
  const { upgradeId: id, tables, leftovers, warnings, files } = ledger;
  return { id, version: schema.shape, timeZone: settings.timeZone, tables, leftovers, warnings, files };
}

/** Tables that no part has opened: of somebody else, or of a version between two that are known. */
async function takeUnknown(upgrade: Upgrade): Promise<void> {
  const known = new Set(['schema_version', ...upgrade.ledger.tables.map(({ name }) => name)]);
  for (const table of upgrade.old.tables.keys()) {
    if (known.has(table)) continue;
    let count = 0;
    for await (const row of rowsOf(upgrade, table)) {
      count += 1;
      await upgrade.ledger.left(row, { key: row.text('id') ?? `row ${count}`, reason: 'no such table is known' });
    }
  }
}
