import type { AuthHandler } from './auth-handler.ts';
import { handleDeviceCode, handleDeviceRevoke, handleDeviceToken } from './device.ts';
import { handleOidc, oidcPath } from './oidc.ts';
import { handleSignOut } from './sign-out.ts';

/** What stands under `/auth`, by path. */
const authRoutes: readonly (readonly [path: RegExp, handler: AuthHandler])[] = [
  [/^\/auth\/sign-out$/, handleSignOut],
  [/^\/auth\/device\/code$/, handleDeviceCode],
  [/^\/auth\/device\/token$/, handleDeviceToken],
  [/^\/auth\/device\/revoke$/, handleDeviceRevoke],
  [oidcPath, handleOidc],
];

/** Who answers requests to this path; undefined when nothing of `/auth` stands there. */
export function authHandlerOf(path: string): AuthHandler | undefined {
  return authRoutes.find(([route]) => route.test(path))?.[1];
}
