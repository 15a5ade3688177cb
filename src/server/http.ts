import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asGraphQLError } from '../../schema/rules.ts';
import { Failure } from '../kernel/errors.ts';
import { authHandlerOf } from './auth/routes.ts';
import { readJsonBody, readQueryString } from './body.ts';
import type { CliFiles } from './cli-files.ts';
import { answerBackup, type BackupDoor } from './backup-door.ts';
import { answerExport, type ExportDoor } from './export-download.ts';
import type { GraphiqlHandler } from './graphiql.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { authenticateRequest, type Instance } from './instance.ts';
import { maskError } from './mask-error.ts';
import { answerMcp } from './mcp-door.ts';
import { applyCors, answerPreflight } from './cors.ts';
import { hostAllowedInDevelopment } from './origin.ts';
import { answerWebhook } from './webhook-door.ts';
import { answerTableFile } from './table-download.ts';
import { answerUpload, type UploadDoor } from './upload-door.ts';
import type { WebFiles } from './web-files.ts';

/** Everything behind the HTTP listener. */
export interface Doors {
  readonly instance: Instance;
  readonly exports: ExportDoor;
  readonly uploads: UploadDoor;
  readonly backup: BackupDoor;
  readonly graphql: GraphqlEndpoint;
  readonly graphiql: GraphiqlHandler;
  readonly cli: CliFiles;
  readonly web: WebFiles;
  /** Whether requests can be served; false while the server stops. */
  ready(): boolean;
}

/** Routes one HTTP request. Whatever goes wrong is answered; nothing is thrown. */
export async function handleRequest(doors: Doors, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  response.setHeader('X-Request-Id', requestId);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  try {
    await route(doors, { request, response, requestId });
  } catch (error) {
    answerError(doors, { response, error, requestId });
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

async function route(doors: Doors, exchange: Exchange): Promise<void> {
  const { instance } = doors;
  const { request, response } = exchange;
  if (instance.developmentEmail !== null && !hostAllowedInDevelopment(request.headers.host)) {
    return answerText(response, 403, 'In development mode only localhost is answered.');
  }
  const path = pathOf(request);
  if (path === '/graphql') return answerGraphql(doors, exchange);
  if (path === '/mcp') return answerMcp(instance, exchange);
  if (path.startsWith('/exports/')) return answerExport(doors.exports, { ...exchange, id: path.slice(9) });
  if (path.startsWith('/webhooks/')) return answerWebhook(instance, { ...exchange, source: path.slice(10) });
  if (path.startsWith('/data/')) return answerTableFile(instance, exchange);
  if (path.startsWith('/uploads/')) return answerUpload(doors.uploads, exchange);
  if (path === '/backup') return answerBackup(doors.backup, exchange);
  if (path.startsWith('/cli/')) return doors.cli(request, response, path.slice(5));
  const authHandler = authHandlerOf(path);
  if (authHandler) return authHandler(request, response, instance);
  if (doors.graphiql(request, response)) return;
  if (path === '/healthz' || path === '/api/health') return answerJson(response, 200, { status: 'ok' });
  if (path === '/readyz') return answerJson(response, doors.ready() ? 200 : 503, { ready: doors.ready() });
  if (path === '/api/version') return answerJson(response, 200, { version: instance.facts.version });
  doors.web(request, response);
}

async function answerGraphql(doors: Doors, exchange: Exchange): Promise<void> {
  const { request, response, requestId } = exchange;
  if (request.method === 'OPTIONS') return answerPreflight(doors.instance, request, response);
  applyCors(doors.instance, request, response);
  if (request.method !== 'POST' && request.method !== 'GET') {
    response.setHeader('Allow', 'GET, POST, OPTIONS');
    return answerText(response, 405, 'Use POST.');
  }
  if (request.method === 'GET' && !request.headers.authorization) {
    return answerErrors(response, 403, { code: 'FORBIDDEN', message: 'GET needs a bearer token; use POST.' });
  }
  const body = request.method === 'POST' ? await readJsonBody(request) : readQueryString(request);
  const principal = await authenticateRequest(doors.instance, request);
  await doors.graphql({ request, response, body, principal, requestId });
}

function answerError(doors: Doors, given: { response: ServerResponse; error: unknown; requestId: string }): void {
  const { response, error, requestId } = given;
  const told =
    error instanceof Failure ? asGraphQLError(error) : maskError(error, { requestId, log: doors.instance.log });
  if (response.headersSent) return void response.destroy();
  const status = statusOf(String(told.extensions['code']));
  answerErrors(response, status, { ...told.extensions, message: told.message });
}

function statusOf(code: string): number {
  const statuses: Record<string, number> = {
    UNAUTHENTICATED: 401,
    FORBIDDEN: 403,
    READ_ONLY_TOKEN: 403,
    BODY_TOO_LARGE: 413,
    UNSUPPORTED_MEDIA_TYPE: 415,
    INVALID_BODY: 400,
    TOO_MANY_ATTEMPTS: 429,
  };
  return statuses[code] ?? 500;
}

function answerErrors(
  response: ServerResponse,
  status: number,
  error: { message: string } & Record<string, unknown>,
): void {
  const { message, ...extensions } = error;
  if (status === 413) response.setHeader('Connection', 'close');
  answerJson(response, status, { errors: [{ message, extensions }] });
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(text);
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

/** The path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  return request.url?.split('?')[0] ?? '/';
}
