import { join } from 'node:path';
import { faultOfFolder, readText } from './files-beside.ts';
import { UnfitFileError } from './take-over-error.ts';
import type { UpgradeSettings } from './upgrade.ts';

/** Throws an `UnfitFileError` for what would keep the server from starting after the upgrade. */
export function refuseUnfit({ dataDir, readVariable }: Pick<UpgradeSettings, 'dataDir' | 'readVariable'>): void {
  const folders = ['extracts', 'uploads'].map((name) => join(dataDir, name));
  const secret = join(dataDir, 'state', '.jwt_secret');
  const isSecretNeeded = readVariable('JWT_SECRET_KEY') === undefined;
  const faults = [
    ...folders.map((folder) => [folder, faultOfFolder(folder)]),
    [secret, isSecretNeeded ? readText(secret)?.fault : null],
  ].filter(([, fault]) => fault);
  if (faults.length > 0) throw new UnfitFileError(faults.map((fault) => fault.join(' ')));
}
