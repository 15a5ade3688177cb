import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../kernel/log.ts';
import type { CredentialHandle } from './subscription-access.ts';
import { tooSlow } from './too-slow.ts';

/** The code with which a client is cut that reads too slowly, after each of its subscriptions has got an `error`. */
const tooSlowCloseCode = 4408;

const cutAfterMilliseconds = 5_000;

/** One client's socket, and what is known about it. */
export interface SocketExtra {
  readonly webSocket: WebSocket;
  readonly request: IncomingMessage;
  /** Set once the client has proved who it is. */
  credential: CredentialHandle | null;
  /** Aborted when the socket has closed. */
  readonly gone: AbortSignal;
  /** Operations that run now, subscriptions included. */
  running: number;
  /** The subscriptions by their operation ids; each tells the id of the last event that was sent to it, if it has ids. */
  readonly subscriptions: Map<string, () => string | null>;
}

export interface SocketLimits {
  /** How often a silent client is pinged; one that has not answered by the next ping is cut. */
  readonly keepAliveSeconds: number;
  /** How much may wait in memory for one client that reads slowly. */
  readonly unsentBytes: number;
}

export interface SocketProtocol extends SocketLimits {
  readonly graphql: Server<SocketExtra>;
  readonly log: Log;
}

/** Speaks the protocol over one open socket until it closes. */
export function serveSocket(webSocket: WebSocket, request: IncomingMessage, protocol: SocketProtocol): void {
  const { graphql, log, unsentBytes } = protocol;
  const gone = new AbortController();
  const extra: SocketExtra = {
    webSocket,
    request,
    credential: null,
    gone: gone.signal,
    running: 0,
    subscriptions: new Map(),
  };
  const stopPinging = keepAlive(webSocket, protocol.keepAliveSeconds);
  // Whatever makes the server answer counts: a client that only asks and never reads is cut like any other.
  webSocket.on('message', () => cutIfSlow(extra, unsentBytes));
  webSocket.on('ping', () => cutIfSlow(extra, unsentBytes));
  webSocket.on('error', (error) => log.debug({ error: error.message }, 'A WebSocket failed'));
  const closed = graphql.opened(
    {
      protocol: webSocket.protocol,
      send: (data) => void send(extra, data, unsentBytes),
      close: (code, reason) => webSocket.close(code, reason),
      onMessage(handle) {
        webSocket.on('message', (data) => {
          if (webSocket.readyState === webSocket.OPEN) handle((data as Buffer).toString()).catch(failed);
        });
      },
    },
    extra,
  );
  webSocket.once('close', (code, reason) => {
    stopPinging();
    gone.abort();
    closed(code, String(reason)).catch(failed);
  });

  function failed(error: unknown): void {
    log.error({ error }, 'A WebSocket message could not be handled');
    webSocket.close(CloseCode.InternalServerError, 'Internal server error');
  }
}

/** Sends a text frame; false when the socket is closed, or is cut because more than `unsentBytes` wait for it already. */
export function send(extra: SocketExtra, data: string | Buffer, unsentBytes: number): boolean {
  const { webSocket } = extra;
  if (cutIfSlow(extra, unsentBytes) || webSocket.readyState !== webSocket.OPEN) return false;
  webSocket.send(data, { binary: false });
  return true;
}

function cutIfSlow({ webSocket, subscriptions }: SocketExtra, unsentBytes: number): boolean {
  if (webSocket.bufferedAmount <= unsentBytes) return false;
  if (webSocket.readyState === webSocket.OPEN) {
    for (const [id, lastEventId] of subscriptions) {
      webSocket.send(JSON.stringify({ id, type: 'error', payload: [tooSlow(lastEventId())] }));
    }
    webSocket.close(tooSlowCloseCode, 'Too slow: read faster, or subscribe to less.');
    setTimeout(() => webSocket.terminate(), cutAfterMilliseconds).unref();
  }
  return true;
}

function keepAlive(webSocket: WebSocket, seconds: number): () => void {
  let answered = true;
  webSocket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return webSocket.terminate();
    answered = false;
    webSocket.ping();
  }, seconds * 1_000).unref();
  return () => clearInterval(timer);
}
