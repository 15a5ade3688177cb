import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ForeignServer {
  readonly url: string;
  /** Every request that came, by its headers. */
  readonly seen: IncomingMessage['headers'][];
}

/** An HTTP server that is not Agnes, until the test ends. */
export async function startForeignServer(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<ForeignServer> {
  const seen: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    void answer(request, response);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
