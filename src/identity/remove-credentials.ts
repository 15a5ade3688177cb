import type { WriteTransaction } from '../store/store.ts';
import { deleteRequestsApprovedBy } from './device-request.store.ts';
import { deleteDevicesOf } from './device.store.ts';
import { deleteIdentitiesOf } from './identity.store.ts';
import { deleteSecretsOf } from './one-time-secret.store.ts';
import { deleteSessionsOf } from './session.store.ts';
import { deleteTokensOf } from './token.store.ts';

/** How much went along with a user, links left out. */
export interface RemovedCredentials {
  readonly sessions: number;
  readonly tokens: number;
  readonly devices: number;
  readonly identities: number;
}

/** Removes every session, token, device, identity and open link of a user inside a transaction. */
export async function removeCredentialsOf(tx: WriteTransaction, userId: string): Promise<RemovedCredentials> {
  await deleteSecretsOf(tx, userId);
  await deleteRequestsApprovedBy(tx, userId);
  return {
    sessions: await deleteSessionsOf(tx, userId),
    tokens: await deleteTokensOf(tx, userId),
    devices: await deleteDevicesOf(tx, userId),
    identities: await deleteIdentitiesOf(tx, userId),
  };
}
