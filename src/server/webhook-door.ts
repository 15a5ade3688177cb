import type { IncomingMessage, ServerResponse } from 'node:http';
import { noteRefusedWebhook } from '../sync/note-refused-webhook.ts';
import { receiveWebhook, WebhookRefusedError } from '../sync/receive-webhook.ts';
import { BodyTooLargeError, readBytes } from './body.ts';
import { clientOf } from './client-address.ts';
import type { Instance } from './instance.ts';

/** The largest body of a webhook in bytes; what is larger is refused, and found by the next sync instead. */
const largestWebhookBytes = 5 * 1024 * 1024;
/** How much may be on its way at once: nobody has shown a signature before the body is here. */
const mostBytesAtOnce = 32 * largestWebhookBytes;
/** What a small request counts for. */
const leastBytes = 256 * 1024;
const longestBodySeconds = 20;
const retrySeconds = 30;

let bytesAtOnce = 0;

/**
 * Answers `POST /webhooks/<source>`: 202 once the events are stored durably. Neither cookie nor token counts, only what the
 * source's connector asks for.
 */
export async function answerWebhook(
  instance: Instance,
  given: { request: IncomingMessage; response: ServerResponse; requestId: string; source: string },
): Promise<void> {
  const { request, response, requestId, source } = given;
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return answerSentence(response, 405, 'Use POST.');
  }
  const { services } = instance;
  const client = clientOf(instance, request);
  const bytes = reservedBytes(request);
  if (bytesAtOnce + bytes > mostBytesAtOnce) {
    noteRefusedWebhook(services, { source: null, status: 429, client, requestId });
    response.setHeader('Connection', 'close');
    return answerSentence(response, 429, 'Too many webhooks at once; send this again later.');
  }
  bytesAtOnce += bytes;
  const tooSlow = setTimeout(() => request.destroy(), longestBodySeconds * 1000);
  try {
    const body = await readBytes(request, largestWebhookBytes);
    clearTimeout(tooSlow);
    await receiveWebhook(services, { source, request: { headers: request.headers, body }, client, requestId });
    response.writeHead(202, { 'Cache-Control': 'no-store' }).end();
  } catch (error) {
    if (error instanceof BodyTooLargeError)
      noteRefusedWebhook(services, { source: null, status: 413, client, requestId });
    if (!(error instanceof WebhookRefusedError)) throw error;
    answerSentence(response, error.status, error.message);
  } finally {
    clearTimeout(tooSlow);
    bytesAtOnce -= bytes;
  }
}

/** What a request may need of memory: what it announces, or the most when it announces nothing. */
function reservedBytes({ headers }: IncomingMessage): number {
  const announced = Number(headers['content-length'] ?? largestWebhookBytes);
  return Math.min(Math.max(announced, leastBytes), largestWebhookBytes) || largestWebhookBytes;
}

function answerSentence(response: ServerResponse, status: number, sentence: string): void {
  if (status === 429) response.setHeader('Retry-After', String(retrySeconds));
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${sentence}\n`);
}
