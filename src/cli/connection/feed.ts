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
  /** Whether there is no connection now; it is tried again unless the server refuses. */
  readonly lost: boolean;
  /** The next event, or null when none came within `seconds`. Throws when the server refuses to tell more. */
  next(seconds: number): Promise<Event | null>;
  close(): void;
}

/** A subscription whose root field takes `after`. */
export interface ResumableSubscription<Result, Variables> {
  readonly document: Document<Result, Variables & { after?: string | null | undefined }>;
  readonly variables: Variables;
  /** The id of the event that a result tells. */
  idOf(result: Result): string | undefined;
}

/** How far a feed has come. */
interface Progress {
  connected: boolean;
  /** Whether it has stood once: only then a loss is worth another try. */
  stood: boolean;
  lastId: string | undefined;
}

/**
 * Subscribes over a WebSocket; resolves once the server listens, so that no later event is missed. After a loss it comes
 * again behind the last event it saw.
 */
export async function openFeed<Result, Variables extends Record<string, unknown>>(
  connection: Connection,
  { document, variables, idOf }: ResumableSubscription<Result, Variables>,
): Promise<Feed<Result>> {
  const progress: Progress = { connected: false, stood: false, lastId: undefined };
  const client = await createClient(connection, progress);
  const queue = new EventQueue<Result>();
  subscribe();
  try {
    await answered(client, connection);
    queue.check();
  } catch (error) {
    close();
    throw error;
  }
  progress.stood = true;
  return {
    next: (seconds) => queue.next(seconds),
    close,
    get lost() {
      return queue.closed || !progress.connected;
    },
  };

  function subscribe(): void {
    client.subscribe<Result>(
      { query: textOf(document), variables: resuming(variables, progress) },
      {
        next({ data, errors }) {
          if (errors) return queue.close(refusal(errors, connection));
          progress.lastId = idOf(data as Result) ?? progress.lastId;
          queue.push(data as Result);
        },
        error: (reason) => void goOn(reason),
        complete: () => queue.close(null),
      },
    );
  }

  async function goOn(reason: unknown): Promise<void> {
    try {
      const renewed = progress.stood && isUnauthenticated(reason) && (await connection.renew?.());
      if (renewed || mayGoOn(reason, progress)) subscribe();
      else queue.close(refusal(reason, connection));
    } catch (error) {
      queue.close(error as Error);
    }
  }

  function close(): void {
    // A connection that is being tried may fail while it is given up.
    Promise.resolve(client.dispose()).catch(() => {});
  }
}

/** Variables that say at each sending behind which event to begin. */
function resuming<Variables extends Record<string, unknown>>(variables: Variables, progress: Progress): Variables {
  return {
    ...variables,
    get after() {
      return progress.lastId;
    },
  };
}

/** Whether the token counts no more, as the subscription is told, or the next connection. */
function isUnauthenticated(reason: unknown): boolean {
  if (Array.isArray(reason)) return (reason[0] as AnsweredError).extensions?.code === 'UNAUTHENTICATED';
  return (reason as { code?: unknown }).code === unauthorized;
}

/** Whether to subscribe again after errors: one was too slow, or so long away that only the present is left. */
function mayGoOn(reason: unknown, progress: Progress): boolean {
  const code = Array.isArray(reason) ? (reason[0] as AnsweredError).extensions?.code : undefined;
  if (code === 'EVENTS_EXPIRED') progress.lastId = undefined;
  return code === 'EVENTS_EXPIRED' || code === 'TOO_SLOW';
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

async function createClient(connection: Connection, progress: Progress): Promise<Client> {
  const { server, token } = connection;
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
    // Anew at each connection: a device's token may have been replaced meanwhile.
    connectionParams: () => (connection.token ? { authorization: `Bearer ${connection.token}` } : {}),
    connectionAckWaitTimeout: connectMilliseconds,
    retryAttempts: Infinity,
    shouldRetry: (reason) => progress.stood && (reason as { code?: unknown }).code !== forbidden,
    retryWait: (retries) => sleep(Math.min(250 * 2 ** retries, 1_000)),
    on: {
      connected(_socket, told) {
        progress.connected = true;
        progress.lastId ??= (told as { lastEventId?: string } | undefined)?.lastEventId;
      },
      closed: () => void (progress.connected = false),
    },
  });
}

const unauthorized = 4401;
const forbidden = 4403;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
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
  if (code === unauthorized || code === forbidden) return notSignedIn(connection);
  if (typeof code === 'number') return failed(`${connection.server} closed the connection (${code} ${told}).`);
  return unreachable(connection.server, error ?? reason);
}
