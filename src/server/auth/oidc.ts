import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticateSession } from '../../identity/authenticate.ts';
import { nextPath } from '../../identity/next-path.ts';
import { flowLifetimeSeconds } from '../../identity/oidc-flow.ts';
import type { OidcProvider } from '../../identity/oidc-provider.ts';
import { noteRefusedSignIn } from '../../identity/refuse-sign-in.ts';
import { signInByOidc } from '../../identity/sign-in-by-oidc.ts';
import { SignInRefusedError } from '../../identity/sign-in-refusal.ts';
import { InvalidInputError } from '../../kernel/errors.ts';
import { runOperation } from '../../operation/define-operation.ts';
import { clearFlowCookie, readFlowCookie, setFlowCookie } from '../flow-cookie.ts';
import { peerAddress, type Instance } from '../instance.ts';
import { readSessionCookie, setSessionCookie } from '../session-cookie.ts';

/** One request to a sign-in route of a provider. */
interface OidcRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly instance: Instance;
  readonly providerId: string;
}

const route = /^\/auth\/oidc\/([a-z0-9-]{1,30})\/(start|callback)$/;

/**
 * Answers `/auth/oidc/<provider>/start` and `/auth/oidc/<provider>/callback`, always by sending the browser on; false for any
 * other path. What goes wrong ends on the web app's page for people who are not signed in, which says why.
 */
export async function handleOidc(
  request: IncomingMessage,
  response: ServerResponse,
  instance: Instance,
): Promise<boolean> {
  const [path = '', ...rest] = (request.url ?? '').split('?');
  const query = rest.join('?');
  const [, providerId = '', step] = route.exec(path) ?? [];
  if (step === undefined) return false;
  if (request.method !== 'GET') {
    response.writeHead(405, { 'Content-Type': 'text/plain; charset=utf-8', Allow: 'GET' }).end('Use GET.\n');
    return true;
  }
  const asked = { request, response, instance, providerId };
  try {
    const provider = instance.services.oidc.byId.get(providerId);
    if (!provider) throw new SignInRefusedError('unknown-provider');
    await (step === 'start' ? start(asked, provider, query) : finish(asked, provider, query));
  } catch (error) {
    refuse(asked, refusalOf(error));
  }
  return true;
}

async function start(asked: OidcRequest, provider: OidcProvider, query: string): Promise<void> {
  const { response, instance } = asked;
  const { services, publicUrl } = instance;
  const next = nextPath(new URLSearchParams(query).get('next'));
  const { url, flow } = await provider.begin({ redirectUri: callbackUrl(asked), next });
  const sealed = services.oidc.seal.seal(flow, services.clock.now());
  sendOn(response, url.href, [setFlowCookie(sealed, publicUrl, flowLifetimeSeconds)]);
}

async function finish(asked: OidcRequest, provider: OidcProvider, query: string): Promise<void> {
  const { request, response, instance, providerId } = asked;
  const { services, publicUrl } = instance;
  const sealed = readFlowCookie(request.headers.cookie, publicUrl);
  const flow = sealed === undefined ? null : services.oidc.seal.open(sealed, services.clock.now());
  const begunHere = flow?.provider === providerId && new URLSearchParams(query).get('state') === flow.state;
  if (!flow || !begunHere) throw new SignInRefusedError('expired');
  const answer = await provider.finish(new URL(`${callbackUrl(asked)}?${query}`), flow);
  const { groups } = answer;
  if ('kept' in groups) {
    services.log.warn(
      { provider: providerId, ...groups },
      'A provider said nothing of groups; the last known ones stay.',
    );
  }
  const session = readSessionCookie(request.headers.cookie, publicUrl);
  const { sessionSecret, expiresAt } = await runOperation(signInByOidc, {
    input: { ...answer, provider: providerId, device: deviceOf(request), address: peerAddress(request) },
    caller: {
      principal: session === undefined ? null : authenticateSession(services, session),
      requestId: requestIdOf(response),
    },
    services,
  });
  const maxAgeSeconds = Math.floor((expiresAt.getTime() - services.clock.now().getTime()) / 1000);
  const cookies = [setSessionCookie(sessionSecret, publicUrl, maxAgeSeconds), clearFlowCookie(publicUrl)];
  sendOn(response, `${publicUrl}${flow.next}`, cookies);
}

function refuse({ response, instance, providerId }: OidcRequest, error: SignInRefusedError): void {
  const { services, publicUrl } = instance;
  noteRefusedSignIn(services, { provider: providerId, requestId: requestIdOf(response), error });
  sendOn(response, `${publicUrl}/?signInError=${error.reason}`, [clearFlowCookie(publicUrl)]);
}

/** What the database cannot store, such as a NUL in a name, is the provider's fault. */
function refusalOf(error: unknown): SignInRefusedError {
  if (error instanceof SignInRefusedError) return error;
  if (error instanceof InvalidInputError) return new SignInRefusedError('provider-answer-invalid', { cause: error });
  throw error;
}

function callbackUrl({ instance, providerId }: OidcRequest): string {
  return `${instance.publicUrl}/auth/oidc/${providerId}/callback`;
}

function sendOn(response: ServerResponse, location: string, cookies: string[]): void {
  response.writeHead(303, {
    Location: location,
    'Set-Cookie': cookies,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  });
  response.end();
}

function deviceOf({ headers }: IncomingMessage): string | null {
  return headers['user-agent']?.slice(0, 200) ?? null;
}

function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader('X-Request-Id'));
}
