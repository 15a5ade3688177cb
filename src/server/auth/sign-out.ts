import type { IncomingMessage, ServerResponse } from 'node:http';
import { signOut } from '../../identity/end-sessions.ts';
import { runOperation } from '../../operation/define-operation.ts';
import { clientOf } from '../client-address.ts';
import { authenticateRequest, type Instance } from '../instance.ts';
import { clearSessionCookie } from '../session-cookie.ts';

/**
 * `POST /auth/sign-out`, for plain forms: ends the session of the cookie, takes the cookie away and leads to the first page,
 * also when the session has ended before. A page of another origin cannot cause it.
 */
export async function handleSignOut(
  request: IncomingMessage,
  response: ServerResponse,
  instance: Instance,
): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(405, { Allow: 'POST', 'Content-Type': 'text/plain; charset=utf-8' });
    return void response.end('Use POST.\n');
  }
  const principal = await authenticateRequest(instance, request);
  if (principal?.credential.kind === 'session') {
    const requestId = String(response.getHeader('X-Request-Id'));
    const caller = { principal, requestId, client: clientOf(instance, request) };
    await runOperation(signOut, { input: {}, caller, services: instance.services });
  }
  response.setHeader('Set-Cookie', clearSessionCookie(instance.publicUrl));
  response.writeHead(303, { Location: '/', 'Cache-Control': 'no-store' });
  response.end();
}
