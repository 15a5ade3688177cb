import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instance } from './instance.ts';
import { originAllowed } from './origin.ts';

/** Lets pages of the listed origins read answers, with the session (Fetch standard, CORS protocol). */
export function applyCors(instance: Instance, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (!origin || !originAllowed({ ...instance, origin })) return false;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  return true;
}

/** Answers a preflight request. */
export function answerPreflight(instance: Instance, request: IncomingMessage, response: ServerResponse): void {
  if (applyCors(instance, request, response)) {
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type');
    response.setHeader('Access-Control-Max-Age', '600');
  }
  response.writeHead(204).end();
}
