import type { Services } from '../operation/services.ts';
import { deleteRequestsEndedBefore } from './device-request.store.ts';
import { deleteEndedDevices, selectDevicesOf } from './device.store.ts';
import type { Device } from './device.ts';

/** The devices of each of these users, newest first, each list at its user's place. */
export async function readDevicesOf(services: Services, userIds: readonly string[]): Promise<Device[][]> {
  const devices = await selectDevicesOf(services.store.db, userIds);
  return userIds.map((userId) => devices.filter((device) => device.userId === userId));
}

/** Removes devices and requests that have ended by themselves. */
export async function removeEndedDevices({ store }: Services): Promise<void> {
  await store.write(async (tx) => {
    await deleteEndedDevices(tx, tx.at);
    await deleteRequestsEndedBefore(tx, tx.at);
  });
}
