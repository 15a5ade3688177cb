import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { createYoga } from 'graphql-yoga';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { packageRoot } from '../../../src/kernel/package-root.ts';
import { makeStandInSchema } from './schema.ts';
import type { World } from './world.ts';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const contentSecurityPolicy =
  "script-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'";

/** The built web app and a real GraphQL server over `world`, on a free loopback port. */
export interface StandInServer {
  url: string;
  /** Cuts every open socket, as a restart or a lost network does. */
  dropSockets(): void;
  /** Closes every open socket with `code`, as a server does when a session ended. */
  refuseSockets(code: number): void;
  close(): Promise<void>;
}

export async function startStandIn(world: World): Promise<StandInServer> {
  const schema = makeStandInSchema(world);
  const yoga = createYoga({ schema, graphiql: false, logging: false });
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/graphql')) void yoga(request, response);
    else serveFile(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true });
  useServer({ schema }, sockets);
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dropSockets = () => sockets.clients.forEach((client) => client.terminate());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dropSockets,
    refuseSockets: (code) => sockets.clients.forEach((client) => client.close(code)),
    close: async () => {
      dropSockets();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function serveFile(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const name = extname(pathname) === '' ? '/index.html' : pathname;
  const file = join(packageRoot, 'dist/web', name);
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy,
  });
  response.end(readFileSync(file));
}
