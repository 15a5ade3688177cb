import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instance } from '../instance.ts';

/** Answers one request of a sign-in flow; what it throws is answered as an error. */
export type AuthHandler = (request: IncomingMessage, response: ServerResponse, instance: Instance) => Promise<void>;
