import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { GraphQLError } from 'graphql';
import { createLog } from '../../src/kernel/log.ts';
import { parseAndValidate } from '../../src/server/document.ts';
import { presentedCredential } from '../../src/server/presented-credential.ts';
import { streamResult, streamSubscription, wantsEventStream, type EventStreamLimits } from '../../src/server/sse.ts';
import { createWebSocketDoor, webSocketLimits, type WebSocketLimits } from '../../src/server/websocket.ts';
import { executeOnStage, type Stage } from './stage.ts';

export interface OpenServer {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly publicUrl: string;
  close(): Promise<void>;
}

interface OpenServerOptions {
  readonly developmentMode?: boolean;
  readonly webSocket?: Partial<WebSocketLimits>;
  readonly eventStream?: EventStreamLimits;
}

/** The stage behind a real port of this machine: WebSocket, event stream and plain JSON at `/graphql`. */
export async function openServer(stage: Stage, options: OpenServerOptions = {}): Promise<OpenServer> {
  const publicUrl = 'http://agnes.example.com';
  const developmentMode = options.developmentMode ?? false;
  const door = createWebSocketDoor({
    schema: stage.schema,
    hub: stage.hub,
    publicUrl,
    corsOrigins: ['http://other.example.com'],
    developmentMode,
    limits: { ...webSocketLimits, ...options.webSocket },
    log: createLog('silent'),
    async authenticate(presented) {
      if (presented.kind === 'bearer') return presented.token;
      if (presented.kind === 'cookie') return presented.session;
      return developmentMode ? 'token-developer' : null;
    },
    principalOf: (credential) => stage.rights.principalOf(credential),
    execute: (operation) => executeOnStage(stage, operation),
  });
  const server = createServer((request, response) => {
    answer({ stage, publicUrl, eventStream: options.eventStream }, request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    if (!door.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    publicUrl,
    async close() {
      await door.close();
      stage.hub.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

interface HttpSide {
  readonly stage: Stage;
  readonly publicUrl: string;
  readonly eventStream: EventStreamLimits | undefined;
}

async function answer(side: HttpSide, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { stage } = side;
  const { query, variables, operationName } = JSON.parse(await text(request));
  const { authorization, cookie } = request.headers;
  const presented = presentedCredential({ authorization, cookie }, side.publicUrl);
  const credential = presented.kind === 'bearer' ? presented.token : '';
  const asStream = wantsEventStream(request.headers.accept);
  const valid = parseAndValidate(stage.schema, query, operationName);
  if ('errors' in valid) return send(valid);
  if (asStream && valid.operation.operation === 'subscription') {
    const subscription = { ...valid, variables };
    return streamSubscription(response, { hub: stage.hub, subscription, credential, limits: side.eventStream });
  }
  const principal = stage.rights.principalOf(credential);
  if (principal) return send(await executeOnStage(stage, { ...valid, variables, principal }));
  response.writeHead(401).end();

  function send(result: { errors?: readonly GraphQLError[] }): void {
    if (asStream) streamResult(response, result);
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(result));
  }
}
