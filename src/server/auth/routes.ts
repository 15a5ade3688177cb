import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instance } from '../instance.ts';
import { handleSignOut } from './sign-out.ts';

/** Answers one request of a sign-in flow; what it throws is answered as an error. */
export type AuthHandler = (request: IncomingMessage, response: ServerResponse, instance: Instance) => Promise<void>;

/** What stands under `/auth`, by path. */
export const authRoutes: ReadonlyMap<string, AuthHandler> = new Map([['/auth/sign-out', handleSignOut]]);
