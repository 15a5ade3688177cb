import type { ServerResponse } from 'node:http';
import { codedError } from './coded-error.ts';
import type { CredentialHandle } from './subscription-access.ts';
import type { SubscriptionHub } from './subscription-hub.ts';
import type { SubscriptionRequest } from './subscription-plan.ts';

export interface EventStreamLimits {
  /** How often a comment is sent, so that nothing on the way takes the connection for dead. */
  readonly heartbeatSeconds: number;
  /** How much may wait in memory for one client that reads slowly. */
  readonly unsentBytes: number;
}

/** The limits the service runs with. */
export const eventStreamLimits: EventStreamLimits = { heartbeatSeconds: 15, unsentBytes: 4 * 1024 * 1024 };

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
 * connections. A refusal is one `next` with the errors, then `complete`.
 */
export function streamSubscription(response: ServerResponse, request: EventStreamRequest): void {
  const { hub, subscription, credential, limits = eventStreamLimits } = request;
  // oxlint-disable-next-line prefer-const -- `finish` may read it before it is set
  let heartbeat: NodeJS.Timeout | undefined;
  openEventStream(response);
  const joined = hub.join(subscription, {
    credential,
    deliver(json) {
      if (response.writableLength <= limits.unsentBytes) sendNext(response, json);
      else cut();
    },
    end: (error) => finish(error ? { errors: [error] } : null),
  });
  if ('errors' in joined) return finish(joined);
  const { leave } = joined;
  heartbeat = setInterval(() => response.write(':\n\n'), limits.heartbeatSeconds * 1_000).unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    leave();
  });
  if (response.destroyed) leave();

  function cut(): void {
    leave();
    finish({ errors: [codedError('TOO_SLOW', 'Read faster, or subscribe to less.')] });
    setTimeout(() => response.destroy(), cutAfterMilliseconds).unref();
  }

  function finish(result: object | null): void {
    clearInterval(heartbeat);
    if (result) sendNext(response, JSON.stringify(result));
    sendComplete(response);
  }
}

/** Answers with one result as an event stream: for queries and for requests refused before they could start. */
export function streamResult(response: ServerResponse, result: object): void {
  openEventStream(response);
  sendNext(response, JSON.stringify(result));
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

function sendNext(response: ServerResponse, json: string): void {
  response.write(`event: next\ndata: ${json}\n\n`);
}

function sendComplete(response: ServerResponse): void {
  response.end('event: complete\ndata:\n\n');
}
