import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instance } from '../instance.ts';
import { handleOidc, oidcPath } from './oidc.ts';
import { handleSignOut } from './sign-out.ts';

/** Answers one request of a sign-in flow; what it throws is answered as an error. */
export type AuthHandler = (request: IncomingMessage, response: ServerResponse, instance: Instance) => Promise<void>;

/** What stands under `/auth`, by path. */
const authRoutes: readonly (readonly [path: RegExp, handler: AuthHandler])[] = [
  [/^\/auth\/sign-out$/, handleSignOut],
  [oidcPath, handleOidc],
];

/** Who answers requests to this path; undefined when nothing of `/auth` stands there. */
export function authHandlerOf(path: string): AuthHandler | undefined {
  return authRoutes.find(([route]) => route.test(path))?.[1];
}
