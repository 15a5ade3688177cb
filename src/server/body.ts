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

/** The body is not a JSON object. */
export class InvalidBodyError extends Failure {
  readonly code = 'INVALID_BODY';
}

/** Reads a JSON object of at most `largestBodyBytes`; throws one of the failures above. */
export async function readJsonBody(request: IncomingMessage): Promise<object> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new UnsupportedMediaTypeError('Send the body as application/json.');
  const body = parse(await readBytes(request));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidBodyError('Send one JSON object with `query`; batches are not taken.');
  }
  return body;
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > largestBodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InvalidBodyError('The body is not valid JSON.');
  }
}

function tooLarge(): BodyTooLargeError {
  return new BodyTooLargeError(`A request body has at most ${largestBodyBytes} bytes.`);
}
