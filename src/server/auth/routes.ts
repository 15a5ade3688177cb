import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instance } from '../instance.ts';
import { handleOidc } from './oidc.ts';

/** Answers a request below `/auth/`, unless the path is not its own: then it resolves to false. */
export type AuthDoor = (request: IncomingMessage, response: ServerResponse, instance: Instance) => Promise<boolean>;

const doors: readonly AuthDoor[] = [handleOidc];

/** Answers a request below `/auth/`; resolves to false when no door has this path. */
export async function answerAuth(
  request: IncomingMessage,
  response: ServerResponse,
  instance: Instance,
): Promise<boolean> {
  for (const door of doors) if (await door(request, response, instance)) return true;
  return false;
}
