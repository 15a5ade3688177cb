import type { ServerResponse } from 'node:http';
import type { CredentialHandle } from './subscription-access.ts';
import type { SubscriptionHub } from './subscription-hub.ts';
import type { SubscriptionRequest } from './subscription-plan.ts';
import { tooSlow } from './too-slow.ts';

export interface EventStreamLimits {
  /** How often a comment is sent, so that nothing on the way takes the connection for dead. */
  readonly heartbeatSeconds: number;
  /** How much may wait in memory for one client that reads slowly. */
  readonly unsentBytes: number;
}

/** The limits the service runs with. */
export const eventStreamLimits: EventStreamLimits = { heartbeatSeconds: 15, unsentBytes: 4 * 1024 * 1024 };

/** How long a client waits before it comes again. */
const retryMilliseconds = 2_000;
const cutAfterMilliseconds = 5_000;

/** A subscription that came over HTTP, its document accepted and its credential checked. */
export interface EventStreamRequest {
  readonly hub: SubscriptionHub;
  readonly subscription: SubscriptionRequest;
  readonly credential: CredentialHandle;
  readonly limits?: EventStreamLimits;
}

/** Whether the client asks for results as server-sent events. */
export function wantsEventStream(accept: string | undefined): boolean {
  return /(^|,)\s*text\/event-stream\s*(;|,|$)/i.test(accept ?? '');
}

/**
 * Answers with the events of one subscription until either side ends it: GraphQL over server-sent events, mode of distinct
 * connections. A refusal is one `next` with the errors, then `complete`; a stream that ends without `complete` was cut, and
 * its client comes again with the last id it saw.
 */
export function streamSubscription(response: ServerResponse, request: EventStreamRequest): void {
  const { hub, subscription, credential, limits = eventStreamLimits } = request;
  // oxlint-disable-next-line prefer-const -- `finish` may read it before it is set
  let stopHeartbeat = () => {};
  let lastId: string | null = null;
  openEventStream(response);
  const joined = hub.join(subscription, {
    credential,
    deliver(json, eventId) {
      if (response.writableLength > limits.unsentBytes) return cut();
      lastId = eventId;
      sendNext(response, json, eventId);
    },
    canTake: () => response.writableLength <= limits.unsentBytes / 16,
    end(error) {
      if (error) return finish({ errors: [error] });
      stopHeartbeat();
      response.end();
    },
  });
  if ('errors' in joined) return finish(joined);
  const { leave, eventId } = joined;
  lastId = eventId;
  if (eventId !== null) response.write(`retry: ${retryMilliseconds}\nid: ${eventId}\n\n`);
  stopHeartbeat = keepAlive(response, limits.heartbeatSeconds, cut);
  response.once('close', () => {
    stopHeartbeat();
    leave();
  });
  if (response.destroyed) leave();

  function cut(): void {
    leave();
    finish({ errors: [tooSlow(lastId)] });
    setTimeout(() => response.destroy(), cutAfterMilliseconds).unref();
  }

  function finish(result: object): void {
    stopHeartbeat();
    sendNext(response, JSON.stringify(result), null);
    sendComplete(response);
  }
}

/** Answers with one result as an event stream: for queries and for requests refused before they could start. */
export function streamResult(response: ServerResponse, result: object): void {
  openEventStream(response);
  sendNext(response, JSON.stringify(result), null);
  sendComplete(response);
}

function openEventStream(response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
}

/** Writes a comment every `seconds`; calls `dead` when the client has not taken it after three times as long. */
function keepAlive(response: ServerResponse, seconds: number, dead: () => void): () => void {
  let waited = 0;
  const timer = setInterval(() => {
    if (waited === 0) response.write(':\n\n', () => (waited = 0));
    else if (waited === 3) dead();
    waited += 1;
  }, seconds * 1_000).unref();
  return () => clearInterval(timer);
}

function sendNext(response: ServerResponse, json: string, eventId: string | null): void {
  response.write(`event: next\n${eventId === null ? '' : `id: ${eventId}\n`}data: ${json}\n\n`);
}

function sendComplete(response: ServerResponse): void {
  response.end('event: complete\ndata:\n\n');
}
