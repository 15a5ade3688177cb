import { z } from 'zod';
import { newId, sha256 } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { noteDeviceUse } from './authenticate.ts';
import { DeviceGrantError, ReusedRefreshTokenError } from './device-grant-error.ts';
import { deleteDeviceRequest, selectRequestByDeviceCode } from './device-request.store.ts';
import { deleteDevice, insertDevice, rotateDevice, selectDevice, selectRefreshToken } from './device.store.ts';
import {
  deviceNameOf,
  endOfFamily,
  newDeviceSecrets,
  type Device,
  type DeviceRequest,
  type DeviceTokens,
} from './device.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'device.signedIn': { name: string; address: string | null };
    'device.refreshed': { name: string; address: string | null };
    'refreshToken.reused': { name: string; userId: string; address: string };
  }
}

/** Gives a device that was approved its tokens, once. Throws a `DeviceGrantError` that says how the device goes on. */
export const takeDeviceTokens = defineOperation({
  rule: { public: true },
  event: 'device.signedIn',
  input: z.strictObject({ deviceCode: z.string().max(200), clientId: z.string().max(200) }),
  async prepare({ input, services }): Promise<void> {
    await demandApproved(services, input);
  },
  async run({ tx, input, services, record }): Promise<DeviceTokens> {
    const request = await selectRequestByDeviceCode(tx.db, sha256(input.deviceCode));
    if (request?.state !== 'approved') throw new DeviceGrantError('invalid_grant');
    const user = demandActive(services, request.userId);
    const expiresAt = endOfFamily(tx.at);
    const { tokens, refreshHash, ...secrets } = newDeviceSecrets(tx.at, expiresAt);
    const { clientId, address } = request;
    const name = deviceNameOf(request);
    const known = {
      id: newId(),
      userId: user.id,
      clientId,
      name,
      address,
      createdAt: tx.at,
      lastUsedAt: null,
      expiresAt,
    };
    await deleteDeviceRequest(tx, request.id);
    await insertDevice(tx, { ...known, ...secrets }, refreshHash);
    if (address !== null) services.lastUse.noteDevice(known.id, { at: tx.at, address });
    record({ resource: `device:${known.id}`, details: { name, address }, actor: user });
    return tokens;
  },
});

/** What a poll is told before anything is written: the errors of RFC 8628, section 3.5. */
async function demandApproved(
  services: Services,
  { deviceCode, clientId }: { deviceCode: string; clientId: string },
): Promise<DeviceRequest> {
  const now = services.clock.now();
  const request = await selectRequestByDeviceCode(services.store.db, sha256(deviceCode));
  if (!request || request.clientId !== clientId) throw new DeviceGrantError('invalid_grant');
  if (request.expiresAt <= now) throw new DeviceGrantError('expired_token');
  const paced = services.devicePace.poll(request.id, now);
  if (request.state === 'denied') throw new DeviceGrantError('access_denied');
  if (request.state === 'approved') return request;
  throw new DeviceGrantError(paced ? 'authorization_pending' : 'slow_down');
}

/**
 * Gives a device its next tokens for its refresh token, which is used up by it, and so is the access token before. Throws a
 * `DeviceGrantError`, and a `ReusedRefreshTokenError` when the token was used before.
 */
export const refreshDevice = defineOperation({
  rule: { public: true },
  event: 'device.refreshed',
  input: z.strictObject({ refreshToken: z.string().max(200), clientId: z.string().max(200) }),
  async run({ tx, input, client: { address }, services, record }): Promise<DeviceTokens> {
    const usedHash = sha256(input.refreshToken);
    const stored = await selectRefreshToken(tx.db, usedHash);
    const device = stored && (await selectDevice(tx.db, stored.deviceId));
    if (!device) throw new DeviceGrantError('invalid_grant');
    if (stored.used) throw new ReusedRefreshTokenError(device.id);
    if (device.clientId !== input.clientId || hasEnded(device, tx.at)) throw new DeviceGrantError('invalid_grant');
    const user = demandActive(services, device.userId);
    const { tokens, refreshHash, ...secrets } = newDeviceSecrets(tx.at, device.expiresAt);
    await rotateDevice(tx, { ...device, ...secrets }, { usedHash, refreshHash });
    if (address !== null) noteDeviceUse(services, { id: device.id, user }, { at: tx.at, address });
    record({ resource: `device:${device.id}`, details: { name: device.name, address }, actor: user });
    return tokens;
  },
});

/** Ends a family whose refresh token came a second time: whoever has it, one of the two is a thief (RFC 9700, section 4.14). */
export const endReusedFamily = defineOperation({
  rule: { public: true },
  event: 'refreshToken.reused',
  input: z.strictObject({ deviceId: z.string(), address: z.string() }),
  async run({ tx, input: { deviceId, address }, record }): Promise<void> {
    const device = await selectDevice(tx.db, deviceId);
    if (!device) throw new DeviceGrantError('invalid_grant');
    await deleteDevice(tx, deviceId);
    record({ resource: `device:${deviceId}`, details: { name: device.name, userId: device.userId, address } });
  },
});

function hasEnded({ refreshExpiresAt, expiresAt }: Device, now: Date): boolean {
  return refreshExpiresAt <= now || expiresAt <= now;
}

function demandActive(services: Services, userId: string | null): { id: string; email: string } {
  const user = userId === null ? undefined : services.accessIndex.user(userId);
  if (!user?.active) throw new DeviceGrantError('invalid_grant');
  return user;
}
