import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { createContext } from '../../schema/context.ts';
import { schema } from '../../schema/schema.ts';
import { UnauthenticatedError } from '../kernel/errors.ts';
import { createMcpServer } from '../mcp/create-mcp-server.ts';
import type { Ask } from '../mcp/graphql.ts';
import { serverPlace } from '../mcp/server-place.ts';
import { ToolFailure, type FailureKind } from '../mcp/tool-failure.ts';
import type { Principal } from '../operation/principal.ts';
import { answerSentence } from './answer-sentence.ts';
import { readBytes } from './body.ts';
import { clientAddress, clientOf } from './client-address.ts';
import { parseAndValidate } from './document.ts';
import { executeWithinTime } from './execute.ts';
import { principalOfPresented, type Instance } from './instance.ts';
import { maskError } from './mask-error.ts';
import { originAllowed } from './origin.ts';
import { presentedCredential } from './presented-credential.ts';

interface McpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** How often a call that runs is checked against the credential that began it. */
const checkMilliseconds = 500;

/**
 * Answers `POST /mcp`, the Model Context Protocol over streamable HTTP: one message, one JSON answer, no session and no stream.
 * Only a bearer token counts, and none of a session; a page of a foreign origin is refused with one, too.
 */
export async function answerMcp(instance: Instance, exchange: McpExchange): Promise<void> {
  const { request, response } = exchange;
  const { origin } = request.headers;
  if (origin !== undefined && !originAllowed({ ...instance, origin })) {
    return answerSentence(response, 403, 'This origin may not use /mcp.');
  }
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return answerSentence(response, 405, 'Use POST; there is no stream to listen to.');
  }
  const principal = await bearerPrincipal(instance, exchange).catch((error: unknown) => {
    if (error instanceof UnauthenticatedError) response.setHeader('WWW-Authenticate', 'Bearer');
    throw error;
  });
  const body = parse(await readBytes(request));
  if (body === undefined || Array.isArray(body)) {
    return answerSentence(response, 400, 'Send one JSON-RPC message as JSON; batches are not taken.');
  }
  await answerMessage(instance, { ...exchange, principal, body });
}

/** Who shows a token that was made for programs: neither a cookie nor the token of a browser's session counts. */
async function bearerPrincipal(instance: Instance, { request }: McpExchange): Promise<Principal> {
  const { authorization } = request.headers;
  const presented = presentedCredential({ authorization, cookie: undefined }, instance.publicUrl);
  if (presented.kind === 'none') throw new UnauthenticatedError('Send a token as `Authorization: Bearer <token>`.');
  const principal = await principalOfPresented(instance, presented, clientAddress(instance, request));
  if (principal?.credential.kind === 'pat' || principal?.credential.kind === 'device') return principal;
  throw new UnauthenticatedError('Send a personal access token, or the token of a device.');
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

interface Message extends McpExchange {
  readonly principal: Principal;
  readonly body: unknown;
}

async function answerMessage(instance: Instance, message: Message): Promise<void> {
  const { request, response, requestId, principal, body } = message;
  const { services, log } = instance;
  const server = createMcpServer({
    version: instance.facts.version,
    place: serverPlace(askAs(instance, message)),
    onUnexpected: (error) => maskError(error, { requestId, log }).message,
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  let checking: NodeJS.Timeout | undefined;
  const ended = new Promise<null>((resolve) => {
    response.once('close', () => resolve(null));
    checking = setInterval(() => services.currentPrincipal(principal) ?? resolve(null), checkMilliseconds);
  });
  try {
    await server.connect(transport);
    const asked = new Request(`${instance.publicUrl}/mcp`, { method: 'POST', headers: headersOf(request) });
    const answer = await Promise.race([transport.handleRequest(asked, { parsedBody: body }), ended]);
    const text = answer && (await answer.text());
    // What was asked with a token is not told once it has been revoked.
    if (!services.currentPrincipal(principal)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      throw new UnauthenticatedError('The token is not valid.');
    }
    if (!answer) return;
    response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'Cache-Control': 'no-store' });
    response.end(text);
  } finally {
    clearInterval(checking);
    // Also stops what still runs for a caller who has gone or may not ask any more.
    await server.close();
  }
}

function headersOf({ headers }: IncomingMessage): Headers {
  const passed = new Headers();
  for (const name of ['accept', 'content-type', 'mcp-protocol-version']) {
    const value = headers[name];
    if (typeof value === 'string') passed.set(name, value);
  }
  return passed;
}

/** Asks the schema in this process as the caller, by the same functions as the other doors. */
function askAs(instance: Instance, { request, requestId, principal }: Message): Ask {
  const { services, facts, log } = instance;
  return async (document, variables, signal) => {
    const valid = parseAndValidate(schema, document as unknown as string);
    if ('errors' in valid) throw valid.errors[0];
    const now = services.currentPrincipal(principal);
    const client = clientOf(instance, request);
    const result = await executeWithinTime({
      schema,
      document: valid.document,
      variableValues: variables as Record<string, unknown>,
      contextValue: createContext({ principal: now, requestId, signal, client, services, instance: facts }),
    });
    const [error] = result.errors ?? [];
    if (!error) return result.data as never;
    const { message, extensions } = maskError(error, { requestId, log });
    const code = String(extensions['code']);
    const told = code === 'INTERNAL_SERVER_ERROR' ? `${message} The request id is ${requestId}.` : message;
    throw new ToolFailure(kinds[code] ?? 'failed', told);
  };
}

const kinds: Record<string, FailureKind> = {
  UNAUTHENTICATED: 'notSignedIn',
  FORBIDDEN: 'notAllowed',
  INTERACTIVE_SIGN_IN_REQUIRED: 'notAllowed',
  READ_ONLY_TOKEN: 'notAllowed',
  INVALID_INPUT: 'wrongUsage',
  NOT_FOUND: 'notFound',
};
