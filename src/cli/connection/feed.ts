import type { Client } from 'graphql-ws/client';
import { failed } from '../failure.ts';
import { version } from '../version.ts';
import { failureOf, notSignedIn, type AnsweredError } from './answer.ts';
import type { Connection } from './connection.ts';
import { EventQueue } from './event-queue.ts';
import { textOf, type Document } from './graphql.ts';
import { unreachable } from './unreachable.ts';

const connectMilliseconds = 10_000;

/** The events of one subscription. */
export interface Feed<Event> {
  /** Whether the connection has ended; what came before is still handed out. */
  readonly lost: boolean;
  /** The next event, or null when none came within `seconds`. Throws when the server refuses to tell more. */
  next(seconds: number): Promise<Event | null>;
  close(): void;
}

/** Subscribes over a WebSocket; resolves once the server listens, so that no later event is missed. */
export async function openFeed<Result, Variables extends Record<string, unknown>>(
  connection: Connection,
  document: Document<Result, Variables>,
  variables: Variables,
): Promise<Feed<Result>> {
  const client = await createClient(connection);
  const queue = new EventQueue<Result>();
  const query = textOf(document);
  client.subscribe<Result>(
    { query, variables },
    {
      next: ({ data, errors }) => (errors ? queue.close(refusal(errors, connection)) : queue.push(data as Result)),
      error: (reason) => queue.close(refusal(reason, connection)),
      complete: () => queue.close(null),
    },
  );
  try {
    await answered(client, connection);
    queue.check();
  } catch (error) {
    close();
    throw error;
  }
  return {
    next: (seconds) => queue.next(seconds),
    close,
    get lost() {
      return queue.closed;
    },
  };

  function close(): void {
    void client.dispose();
  }
}

/** A server handles the messages of one socket in order: once this is answered, what was subscribed before stands. */
async function answered(client: Client, connection: Connection): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: '{ __typename }' },
      { next: () => {}, complete: resolve, error: (reason) => reject(failureToConnect(reason, connection)) },
    );
  });
}

async function createClient({ server, token }: Connection): Promise<Client> {
  const [graphqlWs, { WebSocket }] = await Promise.all([import('graphql-ws/client'), import('ws')]);
  const headers = {
    'user-agent': `da/${version}`,
    // A server in development mode takes those without a token only from its own pages, and from us.
    ...(!token && { origin: new URL(server).origin }),
  };
  class Socket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers, handshakeTimeout: connectMilliseconds, perMessageDeflate: false });
    }
  }
  return graphqlWs.createClient({
    url: `${server.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: Socket,
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    connectionAckWaitTimeout: connectMilliseconds,
    retryAttempts: 0,
  });
}

/** Why a subscription ended: errors of the server are a refusal, the end of the connection is not. */
function refusal(reason: unknown, connection: Connection): Error | null {
  if (!Array.isArray(reason)) return null;
  return failureOf(reason[0] as AnsweredError, connection);
}

function failureToConnect(reason: unknown, connection: Connection): Error {
  const refused = refusal(reason, connection);
  if (refused) return refused;
  const { code, reason: told, error } = reason as { code?: unknown; reason?: string; error?: Error };
  if (code === 4401 || code === 4403) return notSignedIn(connection);
  if (typeof code === 'number') return failed(`${connection.server} closed the connection (${code} ${told}).`);
  return unreachable(connection.server, error ?? reason);
}
