import { newId, newSecret, sha256 } from '../kernel/ids.ts';
import type { Services } from '../operation/services.ts';
import { insertOneTimeSecret } from './one-time-secret.store.ts';

/** The purpose under which setup secrets are stored. */
export const setupPurpose = 'setup';

/** Whether the instance has no active administrator yet, so that the setup link is open. */
export function setupNeeded(services: Services): boolean {
  return services.accessIndex.activeHolders('core.admin') === 0;
}

/** A new secret for the setup link. Earlier ones stay valid too; the first that is used ends them all. */
export async function createSetupSecret(services: Services): Promise<string> {
  const secret = newSecret();
  await services.store.write((tx) =>
    insertOneTimeSecret(tx, { id: newId(), secretHash: sha256(secret), purpose: setupPurpose }),
  );
  return secret;
}
