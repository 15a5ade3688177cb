import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from '../body.ts';

/** A request is refused with the `error` that an RFC of OAuth has for it, and a sentence. */
export class OAuthError extends Error {
  readonly error: string;
  readonly status: number;

  constructor(error: string, message: string, status = 400) {
    super(message);
    this.error = error;
    this.status = status;
  }
}

/**
 * The parameters of a `POST`, as a form (the RFCs) or as a JSON object of texts; throws an `OAuthError`. No cookie counts at
 * these doors, so that a form of a strange page gains nothing.
 */
export async function readParameters(request: IncomingMessage): Promise<Record<string, string>> {
  if (request.method !== 'POST') throw new OAuthError('invalid_request', 'Use POST.', 405);
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const text = (await readBytes(request)).toString('utf8');
  if (type === 'application/x-www-form-urlencoded') return fromForm(new URLSearchParams(text));
  if (type === 'application/json') return fromJson(text);
  throw new OAuthError('invalid_request', 'Send a form or application/json.', 415);
}

/** Answers with JSON that nobody keeps (RFC 6749, section 5.1). */
export function answerOAuth(response: ServerResponse, status: number, value: Record<string, unknown>): void {
  if (status === 405) response.setHeader('Allow', 'POST');
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(value));
}

function fromForm(form: URLSearchParams): Record<string, string> {
  const keys = [...form.keys()];
  if (new Set(keys).size < keys.length) throw new OAuthError('invalid_request', 'A parameter is given twice.');
  return Object.fromEntries(form);
}

function fromJson(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OAuthError('invalid_request', 'This is not valid JSON.');
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || !Object.values(value as object).every((entry) => typeof entry === 'string')) {
    throw new OAuthError('invalid_request', 'Send one JSON object of texts.');
  }
  return value as Record<string, string>;
}
