import type { IncomingMessage } from 'node:http';
import { Failure } from '../kernel/errors.ts';

/** The largest request body in bytes. */
export const largestBodyBytes = 1024 * 1024;

/** The body is larger than one request may send. */
export class BodyTooLargeError extends Failure {
  readonly code = 'BODY_TOO_LARGE';
}

/** The body is not `application/json`; form posts are refused because any page can send them. */
export class UnsupportedMediaTypeError extends Failure {
  readonly code = 'UNSUPPORTED_MEDIA_TYPE';
}

/** The body is not a JSON object with what GraphQL over HTTP puts into one. */
export class InvalidBodyError extends Failure {
  readonly code = 'INVALID_BODY';
}

/** What one request asks for, as GraphQL over HTTP carries it. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** Reads a JSON object of at most `largestBodyBytes`; throws one of the failures above. */
export async function readJsonBody(request: IncomingMessage): Promise<OperationRequest> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new UnsupportedMediaTypeError('Send the body as application/json.');
  return checkShape(parse(await readBytes(request)));
}

/** Reads the same from the query string of a `GET`; throws an `InvalidBodyError`. */
export function readQueryString(request: IncomingMessage): OperationRequest {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const variables = searchParams.get('variables');
  return checkShape({
    query: searchParams.get('query'),
    operationName: searchParams.get('operationName'),
    variables: variables ? parse(Buffer.from(variables)) : null,
  });
}

function checkShape(asked: unknown): OperationRequest {
  if (!isObject(asked)) throw new InvalidBodyError('Send one JSON object with `query`; batches are not taken.');
  const { query, operationName, variables } = asked;
  if (typeof query !== 'string') throw new InvalidBodyError('Send the document as text in `query`.');
  if (operationName != null && typeof operationName !== 'string') {
    throw new InvalidBodyError('Send `operationName` as text, or leave it out.');
  }
  if (variables != null && !isObject(variables)) {
    throw new InvalidBodyError('Send `variables` as a JSON object, or leave them out.');
  }
  return asked as unknown as OperationRequest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The whole body; throws a `BodyTooLargeError`. */
export async function readBytes(request: IncomingMessage, mostBytes = largestBodyBytes): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InvalidBodyError('This is not valid JSON.');
  }
}

function tooLarge(mostBytes: number): BodyTooLargeError {
  return new BodyTooLargeError(`A request body has at most ${mostBytes} bytes.`);
}
