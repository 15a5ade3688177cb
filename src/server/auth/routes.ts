import type { AuthDoor } from './auth-door.ts';
import { handleDeviceCode, handleDeviceRevoke, handleDeviceToken } from './device.ts';

/** The doors under `/auth/`, by path. */
export const authDoors: ReadonlyMap<string, AuthDoor> = new Map([
  ['/auth/device/code', handleDeviceCode],
  ['/auth/device/token', handleDeviceToken],
  ['/auth/device/revoke', handleDeviceRevoke],
]);
