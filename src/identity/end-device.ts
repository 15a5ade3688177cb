import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { deleteDevice, selectDevice, selectDeviceByAccess, selectRefreshToken } from './device.store.ts';
import type { Device } from './device.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'device.ended': { name: string; userId: string };
  }
}

/** Ends a device of the caller, or anybody's for an administrator. Somebody else's device does not exist for others. */
export const endDevice = defineOperation({
  rule: { signedIn: true },
  event: 'device.ended',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, principal, record }): Promise<Device> {
    const device = await selectDevice(tx.db, input.id);
    const mayEnd = device && (device.userId === principal!.userId || principal!.roles.has('core.admin'));
    if (!mayEnd) throw new NotFoundError('There is no device with this id.');
    await deleteDevice(tx, device.id);
    record(entryOf(device));
    return device;
  },
});

/** Ends the device that shows one of its own tokens, used ones too. Throws a `NotFoundError` when there is none. */
export const endOwnDevice = defineOperation({
  rule: { public: true },
  event: 'device.ended',
  input: z.strictObject({ token: z.string().max(200) }),
  async run({ tx, input, services, record }): Promise<void> {
    const hash = sha256(input.token);
    const refresh = await selectRefreshToken(tx.db, hash);
    const device = refresh ? await selectDevice(tx.db, refresh.deviceId) : await selectDeviceByAccess(tx.db, hash);
    if (!device) throw new NotFoundError('There is no device with this token.');
    await deleteDevice(tx, device.id);
    record({ ...entryOf(device), actor: actorOf(services, device) });
  },
});

function entryOf({ id, name, userId }: Device) {
  return { resource: `device:${id}`, details: { name, userId } };
}

function actorOf(services: Services, { userId }: Device): { id: string; email: string } {
  return services.accessIndex.user(userId) ?? { id: userId, email: 'nobody' };
}
