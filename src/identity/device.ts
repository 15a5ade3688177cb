import { randomInt } from 'node:crypto';
import { newId, newSecret, sha256 } from '../kernel/ids.ts';

/** A device or program that a person let in: one family of refresh tokens and one access token at a time. */
export interface Device {
  id: string;
  accessHash: string;
  userId: string;
  /** What the program calls itself in the protocol; its later requests must say the same. */
  clientId: string;
  /** The program and the machine, in their own words. */
  name: string;
  /** The address it asked from, as the server saw it. */
  address: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  accessExpiresAt: Date;
  /** When it ends unless it is used before. */
  refreshExpiresAt: Date;
  /** When it ends in any case. */
  expiresAt: Date;
}

/** What a device is given to prove itself with; shown once. */
export interface DeviceTokens {
  accessToken: string;
  refreshToken: string;
  /** How long the access token lives. */
  expiresInSeconds: number;
}

/** The times of a family's secrets, and the secrets. */
interface NewSecrets {
  tokens: DeviceTokens;
  accessHash: string;
  refreshHash: string;
  accessExpiresAt: Date;
  refreshExpiresAt: Date;
}

const accessSeconds = 3600;
const dayMilliseconds = 86_400_000;
const idleDays = 30;
const longestDays = 365;

/** The secrets of a family that ends at `expiresAt`, good from `at` on: an hour the one, 30 days the other. */
export function newDeviceSecrets(at: Date, expiresAt: Date): NewSecrets {
  const accessToken = `agnes_dat_${newSecret()}`;
  const refreshToken = `agnes_drt_${newSecret()}`;
  const accessEnd = Math.min(at.getTime() + accessSeconds * 1000, expiresAt.getTime());
  return {
    tokens: { accessToken, refreshToken, expiresInSeconds: Math.floor((accessEnd - at.getTime()) / 1000) },
    accessHash: sha256(accessToken),
    refreshHash: sha256(refreshToken),
    accessExpiresAt: new Date(accessEnd),
    refreshExpiresAt: new Date(Math.min(at.getTime() + idleDays * dayMilliseconds, expiresAt.getTime())),
  };
}

/** When a family that begins at `at` ends in any case: a year later. */
export function endOfFamily(at: Date): Date {
  return new Date(at.getTime() + longestDays * dayMilliseconds);
}

/** A device that asks to be let in, until somebody decides or ten minutes have passed. */
export interface DeviceRequest {
  id: string;
  deviceCodeHash: string;
  /** Eight letters of the alphabet, without the dash. */
  userCode: string;
  clientId: string;
  deviceName: string | null;
  address: string | null;
  state: 'pending' | 'approved' | 'denied';
  /** Who approved it. */
  userId: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export const requestSeconds = 600;
export const pollSeconds = 5;

/** No vowels, so no words, and nothing that looks like something else (RFC 8628, section 6.1). */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';

/** A request with a fresh pair of codes; the device's own is in the result and nowhere else. */
export function newDeviceRequest(
  given: Pick<DeviceRequest, 'clientId' | 'deviceName' | 'address'>,
  at: Date,
): { request: DeviceRequest; deviceCode: string } {
  const deviceCode = newSecret();
  const userCode = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('');
  const request: DeviceRequest = {
    ...given,
    id: newId(),
    deviceCodeHash: sha256(deviceCode),
    userCode,
    state: 'pending',
    userId: null,
    createdAt: at,
    expiresAt: new Date(at.getTime() + requestSeconds * 1000),
  };
  return { request, deviceCode };
}

/** `XXXX-XXXX`, as people read and type it. */
export function shownUserCode(userCode: string): string {
  return `${userCode.slice(0, 4)}-${userCode.slice(4)}`;
}

/** The code in whatever way it was typed: case, dash and blanks do not count. */
export function readUserCode(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z]/g, '');
}

/** The program and the machine, in their own words. */
export function deviceNameOf({ clientId, deviceName }: Pick<DeviceRequest, 'clientId' | 'deviceName'>): string {
  return deviceName === null ? clientId : `${clientId} on ${deviceName}`;
}
