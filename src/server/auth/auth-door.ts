import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instance } from '../instance.ts';

/** Answers one request to a sign-in door. */
export type AuthDoor = (request: IncomingMessage, response: ServerResponse, instance: Instance) => Promise<void>;
