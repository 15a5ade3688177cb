import { createClient, type Client, type ExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { OpenServer } from './open-server.ts';

interface ClientOptions {
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

/** A client of graphql-ws against the server, which never connects again by itself. */
export function socketClient(server: OpenServer, { token, headers = {} }: ClientOptions): Client {
  class SocketWithHeaders extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers });
    }
  }
  return createClient({
    url: `ws://${server.host}/graphql`,
    webSocketImpl: SocketWithHeaders,
    retryAttempts: 0,
    lazy: true,
    connectionParams: token === undefined ? undefined : { authorization: `Bearer ${token}` },
  });
}

export type Result = ExecutionResult<Record<string, unknown>>;

/** What one subscription has got so far. */
export interface Listener {
  readonly results: Result[];
  /** What ended it: `complete`, errors of GraphQL, or how the socket closed. */
  readonly ended: Promise<unknown>;
  readonly stop: () => void;
}

export function listen(client: Client, query: string, variables?: Record<string, unknown>): Listener {
  const results: Result[] = [];
  let stop = () => {};
  const ended = new Promise<unknown>((resolve) => {
    stop = client.subscribe<Record<string, unknown>>(
      { query, variables },
      { next: (result) => void results.push(result as Result), error: resolve, complete: () => resolve('complete') },
    );
  });
  return { results, ended, stop: () => stop() };
}

/** The one result of a query or mutation; rejects with what the server refused it with. */
export function ask(client: Client, query: string, variables?: Record<string, unknown>): Promise<Result> {
  return new Promise((resolve, reject) => {
    let answer: Result = {};
    client.subscribe<Record<string, unknown>>(
      { query, variables },
      { next: (result) => (answer = result as Result), error: reject, complete: () => resolve(answer) },
    );
  });
}

/** Waits until `condition` holds; fails after 10 seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Not within 10 seconds: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
