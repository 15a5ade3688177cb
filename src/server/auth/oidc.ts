import type { IncomingMessage, ServerResponse } from 'node:http';
import { TooManyAttemptsError, type Attempt } from '../../identity/attempts.ts';
import { authenticateSession } from '../../identity/authenticate.ts';
import { nextPath } from '../../identity/next-path.ts';
import { flowLifetimeSeconds, type OidcFlow } from '../../identity/oidc-flow.ts';
import type { OidcAnswer, OidcProvider } from '../../identity/oidc-provider.ts';
import { ProviderSignInError, type SignInRefusal } from '../../identity/provider-sign-in-error.ts';
import { logProviderFailure, noteProviderRefusal, type ProviderFailure } from '../../identity/note-provider-refusal.ts';
import { signInByOidc } from '../../identity/sign-in-by-oidc.ts';
import { InvalidInputError } from '../../kernel/errors.ts';
import { runOperation } from '../../operation/define-operation.ts';
import { clientOf } from '../client-address.ts';
import { clearFlowCookie, readFlowCookie, setFlowCookie } from '../flow-cookie.ts';
import type { Instance } from '../instance.ts';
import { readSessionCookie, setSessionCookie } from '../session-cookie.ts';

/** The paths of the sign-ins by a provider, with the provider's id. */
export const oidcPath = /^\/auth\/oidc\/([^/]+)\/(start|callback)$/;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly instance: Instance;
  readonly providerId: string;
  /** Without the `?`. */
  readonly query: string;
}

/**
 * Answers `/auth/oidc/<provider>/start` and `/auth/oidc/<provider>/callback`, always by sending the browser on. What goes wrong
 * ends on the web app's page for people who are not signed in, which says why.
 */
export async function handleOidc(
  request: IncomingMessage,
  response: ServerResponse,
  instance: Instance,
): Promise<void> {
  if (request.method !== 'GET') {
    return void response
      .writeHead(405, { 'Content-Type': 'text/plain; charset=utf-8', Allow: 'GET' })
      .end('Use GET.\n');
  }
  const [path = '', ...query] = (request.url ?? '').split('?');
  const [, providerId = '', step] = oidcPath.exec(path) ?? [];
  const exchange = { request, response, instance, providerId, query: query.join('?') };
  try {
    const provider = instance.services.oidc.byId.get(providerId);
    if (!provider) return sendToSignIn(exchange, 'unknown-provider');
    await (step === 'start' ? start(exchange, provider) : finish(exchange, provider));
  } catch (error) {
    const refusal = refusalOf(error);
    if (step === 'start') logProviderFailure(instance.services, failureOf(exchange, refusal));
    else await noteRefusal(exchange, refusal);
    sendToSignIn(exchange, refusal.reason);
  }
}

async function start(exchange: Exchange, provider: OidcProvider): Promise<void> {
  const { response, instance, query } = exchange;
  const { services, publicUrl } = instance;
  const next = nextPath(new URLSearchParams(query).get('next'));
  const { url, flow } = await provider.begin({ redirectUri: callbackUrl(exchange), next });
  const sealed = services.oidc.seal.seal(flow, services.clock.now());
  sendOn(response, url.href, [setFlowCookie(sealed, publicUrl, flowLifetimeSeconds)]);
}

async function finish(exchange: Exchange, provider: OidcProvider): Promise<void> {
  const { response, instance } = exchange;
  const { services, publicUrl } = instance;
  const attempt = attemptAt(exchange);
  services.attempts.demand(attempt);
  const flow = readFlow(exchange);
  const answer = await provider.finish(new URL(`${callbackUrl(exchange)}?${exchange.query}`), flow);
  const { session, secret } = await openSessionFor(exchange, answer);
  services.attempts.succeeded(attempt);
  const maxAgeSeconds = Math.floor((session.expiresAt.getTime() - services.clock.now().getTime()) / 1000);
  const cookies = [setSessionCookie(secret, publicUrl, maxAgeSeconds), clearFlowCookie(publicUrl)];
  sendOn(response, `${publicUrl}${flow.next}`, cookies);
}

function attemptAt({ request, instance }: Exchange): Attempt {
  return { door: 'oidc', account: null, address: clientOf(instance, request).address };
}

/** The flow that this browser began with this provider and that this address ends. */
function readFlow({ request, instance, providerId, query }: Exchange): OidcFlow {
  const { services, publicUrl } = instance;
  const sealed = readFlowCookie(request.headers.cookie, publicUrl);
  const flow = sealed === undefined ? null : services.oidc.seal.open(sealed, services.clock.now());
  if (flow?.provider !== providerId || new URLSearchParams(query).get('state') !== flow.state) {
    throw new ProviderSignInError('expired');
  }
  return flow;
}

async function openSessionFor(exchange: Exchange, answer: OidcAnswer): ReturnType<typeof signInByOidc.run> {
  const { request, response, instance, providerId: provider } = exchange;
  const { services, publicUrl } = instance;
  if ('kept' in answer.groups) {
    services.log.warn({ provider, ...answer.groups }, 'A provider said nothing of groups; the last known ones stay.');
  }
  const presented = readSessionCookie(request.headers.cookie, publicUrl);
  const principal = presented === undefined ? null : authenticateSession(services, presented);
  const caller = { principal, requestId: requestIdOf(response), client: clientOf(instance, request) };
  return runOperation(signInByOidc, { input: { ...answer, provider }, caller, services });
}

/** One row for all tries that were too many; a provider that is down is nobody's guess. */
async function noteRefusal(exchange: Exchange, error: ProviderSignInError): Promise<void> {
  const { request, instance } = exchange;
  if (error.cause instanceof TooManyAttemptsError && !error.cause.first) return;
  if (error.reason === 'provider-unavailable') instance.services.attempts.succeeded(attemptAt(exchange));
  const client = clientOf(instance, request);
  await noteProviderRefusal(instance.services, { ...failureOf(exchange, error), client });
}

function failureOf({ response, providerId }: Exchange, error: ProviderSignInError): ProviderFailure {
  return { provider: providerId, error, requestId: requestIdOf(response) };
}

function sendToSignIn({ response, instance: { publicUrl } }: Exchange, reason: SignInRefusal): void {
  sendOn(response, `${publicUrl}/?signInError=${reason}`, [clearFlowCookie(publicUrl)]);
}

/** What the database cannot store, such as a NUL in a name, is the provider's fault. */
function refusalOf(error: unknown): ProviderSignInError {
  if (error instanceof ProviderSignInError) return error;
  if (error instanceof TooManyAttemptsError) return new ProviderSignInError('too-many-attempts', { cause: error });
  if (error instanceof InvalidInputError) return new ProviderSignInError('provider-answer-invalid', { cause: error });
  throw error;
}

function callbackUrl({ instance, providerId }: Pick<Exchange, 'instance' | 'providerId'>): string {
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

function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader('X-Request-Id'));
}
