import { join } from 'node:path';
import { connectors } from '../../connectors/index.generated.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Config } from '../kernel/config.ts';
import { fitsTarget } from '../upgrade/check-target.ts';
import { checkUpgrade, olderFormsIn } from '../upgrade/open-upgraded-store.ts';
import { hasTaken } from '../upgrade/older-state.ts';
import { readUpgradeReportIn } from '../upgrade/read-upgrade-report.ts';
import { describeReport } from '../upgrade/upgrade-report.ts';
import { withForeignConnectors } from './foreign-connectors.ts';
import { definedRoles } from './defined-roles.ts';
import { upgradeSettings } from './upgrade-settings.ts';

/** What the next start would take over from the predecessor, in lines for a terminal; changes nothing. */
export async function describeUpgrade(config: Config): Promise<string> {
  const all = await withForeignConnectors(connectors, config.connectorsDir);
  const settings = upgradeSettings({ ...config, connectors: all }, new Set(definedRoles().map(({ key }) => key)));
  const report = await checkUpgrade({ ...config, clock: systemClock }, settings);
  const fits = report && (!config.databaseUrl || (await fitsTarget(report, config.databaseUrl)));
  if (fits) return describeReport(report);
  const besides = await describeOlderForms(config, olderFormsIn(settings));
  return `${config.dataDir} holds no state of the predecessor that would be taken over.\n${besides}`;
}

async function describeOlderForms({ dataDir, databaseUrl }: Config, paths: readonly string[]): Promise<string> {
  const report =
    databaseUrl || paths.length === 0 ? null : await readUpgradeReportIn(join(dataDir, 'state', 'system.duckdb'));
  const taken = paths.filter((path) => report && hasTaken(report, path));
  const leftAlone = paths.filter((path) => !taken.includes(path));
  return [
    sentence('were taken over already', taken),
    sentence('are left alone, because somebody uses this state already', leftAlone),
  ].join('');
}

function sentence(what: string, paths: readonly string[]): string {
  return paths.length === 0 ? '' : `Files from before the predecessor had a database ${what}: ${paths.join(', ')}.\n`;
}
