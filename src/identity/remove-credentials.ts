import type { WriteTransaction } from '../store/store.ts';
import { deleteRequestsApprovedBy } from './device-request.store.ts';
import { deleteDevicesOf } from './device.store.ts';
import { deleteSessionsOf } from './session.store.ts';
import { deleteTokensOf } from './token.store.ts';

/** Removes every session, token and device of a user inside a transaction; resolves to how many there were. */
export async function removeCredentialsOf(
  tx: WriteTransaction,
  userId: string,
): Promise<{ sessions: number; tokens: number; devices: number }> {
  await deleteRequestsApprovedBy(tx, userId);
  return {
    sessions: await deleteSessionsOf(tx, userId),
    tokens: await deleteTokensOf(tx, userId),
    devices: await deleteDevicesOf(tx, userId),
  };
}
