import type { Connector } from '../../connectors/contract.ts';
import type { Log } from '../kernel/log.ts';
import type { Variables } from '../kernel/variables.ts';
import type { UpgradeSettings } from '../upgrade/upgrade.ts';

/** What an upgrade from the predecessor needs to know of this program. */
export function upgradeSettings(
  given: {
    dataDir: string;
    connectors: readonly Connector[];
    variables: Variables;
    upgradeTimeZone: string;
    log?: Log;
  },
  definedRoles: ReadonlySet<string>,
): UpgradeSettings {
  const { dataDir, connectors, variables, upgradeTimeZone: timeZone, log } = given;
  return {
    dataDir,
    timeZone,
    connectors,
    definedRoles,
    log,
    readVariable: (name) => variables.read(name),
    isReserved: (name) => variables.isReserved(name),
  };
}
