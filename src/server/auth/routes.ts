import type { AuthHandler } from './auth-handler.ts';
import { handleDeviceCode, handleDeviceRevoke, handleDeviceToken } from './device.ts';
import { handleSignOut } from './sign-out.ts';

/** What stands under `/auth`, by path. */
export const authRoutes: ReadonlyMap<string, AuthHandler> = new Map([
  ['/auth/sign-out', handleSignOut],
  ['/auth/device/code', handleDeviceCode],
  ['/auth/device/token', handleDeviceToken],
  ['/auth/device/revoke', handleDeviceRevoke],
]);
