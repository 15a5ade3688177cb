import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { hostAllowedInDevelopment } from './origin.ts';
import type { Log } from '../kernel/log.ts';
import { serveSocket, type SocketLimits } from './websocket-connection.ts';
import { graphqlOverSockets, type OperationLimits, type SocketOperations } from './websocket-operations.ts';

/** What one socket may use; `messageBytes` is the largest message, the same as the body limit of HTTP. */
export interface WebSocketLimits extends OperationLimits, SocketLimits {
  readonly messageBytes: number;
}

/** The limits the service runs with. */
export const webSocketLimits: WebSocketLimits = {
  messageBytes: 1024 * 1024,
  connectionInitSeconds: 5,
  operations: 100,
  keepAliveSeconds: 20,
  unsentBytes: 4 * 1024 * 1024,
};

export interface WebSocketDoorOptions extends SocketOperations {
  readonly limits: WebSocketLimits;
  readonly log: Log;
}

/** The door for WebSockets at `/graphql`, speaking `graphql-transport-ws`. */
export interface WebSocketDoor {
  /** Takes over an HTTP upgrade; false, and nothing done, when its path is not `/graphql`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Closes every socket (1001) and waits until they are gone. */
  close(): Promise<void>;
}

/** Makes the door; the HTTP server that owns the sockets is the caller's. */
export function createWebSocketDoor(options: WebSocketDoorOptions): WebSocketDoor {
  const protocol = { ...options.limits, graphql: graphqlOverSockets(options), log: options.log };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => handleProtocols(offered),
  });
  return {
    handleUpgrade(request, socket, head) {
      if (request.url?.split('?')[0] !== '/graphql') return false;
      const refusal = refuseUpgrade(request, options.developmentMode);
      if (refusal) refuse(socket, refusal);
      else {
        sockets.handleUpgrade(request, socket, head, (webSocket) => serveSocket(webSocket, request, protocol));
      }
      return true;
    },
    async close() {
      sockets.close();
      const gone = [...sockets.clients].map(
        (webSocket) => new Promise<void>((resolve) => void webSocket.once('close', () => resolve())),
      );
      for (const webSocket of sockets.clients) webSocket.close(1001, 'The server is stopping.');
      const cut = setTimeout(() => sockets.clients.forEach((webSocket) => webSocket.terminate()), 2_000);
      await Promise.all(gone);
      clearTimeout(cut);
    },
  };
}

interface UpgradeRefusal {
  readonly status: '400 Bad Request' | '403 Forbidden';
  readonly message: string;
}

function refuseUpgrade(request: IncomingMessage, developmentMode: boolean): UpgradeRefusal | null {
  if (developmentMode && !hostAllowedInDevelopment(request.headers.host)) {
    return { status: '403 Forbidden', message: 'In development mode only localhost is answered.' };
  }
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  if (!handleProtocols(offered)) {
    return {
      status: '400 Bad Request',
      message: `Ask for the WebSocket subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.`,
    };
  }
  return null;
}

function refuse(socket: Duplex, { status, message }: UpgradeRefusal): void {
  const headers = `Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${message.length}`;
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${message}`);
}
