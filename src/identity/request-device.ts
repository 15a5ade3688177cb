import { z } from 'zod';
import { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { placeOf } from './attempts.ts';
import { countDeviceRequests, deleteRequestsEndedBefore, insertDeviceRequest } from './device-request.store.ts';
import { newDeviceRequest, requestSeconds, type DeviceRequest } from './device.ts';

/** More devices ask at once than this server keeps in mind. */
export class TooManyDevicesError extends Failure {
  readonly code = 'TOO_MANY_DEVICES';

  constructor() {
    super('Too many devices ask to be let in at this moment; try again in ten minutes.');
  }
}

const mostWaiting = 1000;
const mostFromOneAddress = 60;

const shownText = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);

/** What a device says of itself: short texts on one line. */
export const deviceSelf = z.object({ client_id: shownText, device_name: shownText.optional() });

/** Keeps in mind that a device asks to be let in. Nobody is let in by it, so it leaves no audit row. */
export async function requestDevice(
  services: Services,
  given: Pick<DeviceRequest, 'clientId' | 'deviceName'> & { address: string },
): Promise<{ request: DeviceRequest; deviceCode: string }> {
  const now = services.clock.now();
  services.devicePace.count(`asked from ${placeOf(given.address)}`, mostFromOneAddress, now);
  return services.store.write(async (tx) => {
    await deleteRequestsEndedBefore(tx, new Date(tx.at.getTime() - requestSeconds * 1000));
    if ((await countDeviceRequests(tx.db)) >= mostWaiting) throw new TooManyDevicesError();
    const made = newDeviceRequest(given, tx.at);
    await insertDeviceRequest(tx, made.request);
    return made;
  });
}
