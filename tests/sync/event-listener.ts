import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** What a listener was told of one event. */
export interface HeardEvent {
  readonly id: string;
  readonly kind: string;
  readonly runId: string;
}

/** A client that follows the sync events of a server, whatever happens to its connection. */
export interface EventListener {
  readonly heard: readonly HeardEvent[];
  /** What the server said that was no event. */
  readonly faults: readonly string[];
  /** How often it connected. */
  readonly connections: number;
  /** Resolves once it knows behind which event it listens. */
  readonly standing: Promise<string>;
  stop(): void;
}

interface Listening {
  readonly url: string;
  readonly token: string;
  /** The id of the last event that it saw, or behind which it began. */
  lastId: string | undefined;
  stands(id: string): void;
  hear(event: HeardEvent): void;
  fault(text: string): void;
  /** Set while a connection is open. */
  cut: () => void;
}

const query = 'subscription ($after: ID) { syncEvents(after: $after) { id kind: __typename runId } }';
const longestPauseMs = 1_000;

/** Listens over a WebSocket or over server-sent events, and comes again behind the last event it saw. */
export function listenForever(given: { url: string; token: string; over: 'socket' | 'stream' }): EventListener {
  const heard: HeardEvent[] = [];
  const faults: string[] = [];
  let connections = 0;
  let stopped = false;
  let stands: (id: string) => void = () => {};
  const standing = new Promise<string>((resolve) => (stands = resolve));
  const listening: Listening = {
    url: given.url,
    token: given.token,
    lastId: undefined,
    stands(id) {
      listening.lastId ??= id;
      stands(id);
    },
    hear(event) {
      heard.push(event);
      listening.lastId = event.id;
      // Connections break without the server, too.
      if (Math.random() < 0.01) listening.cut();
    },
    fault: (text) => void faults.push(text),
    cut: () => {},
  };
  void (async () => {
    while (!stopped) {
      connections += 1;
      await (given.over === 'socket' ? overSocket(listening) : overStream(listening));
      await sleep(Math.random() * longestPauseMs);
    }
  })();
  return {
    heard,
    faults,
    standing,
    get connections() {
      return connections;
    },
    stop() {
      stopped = true;
      listening.cut();
    },
  };
}

/** Resolves when the connection has ended. */
async function overSocket(listening: Listening): Promise<void> {
  const socket = new WebSocket(`${listening.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  listening.cut = () => socket.terminate();
  const say = (message: object) => socket.send(JSON.stringify(message));
  socket.on('error', () => {});
  socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${listening.token}` } }));
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data));
    if (type === 'connection_ack') {
      listening.stands(payload.lastEventId);
      say({ id: '1', type: 'subscribe', payload: { query, variables: { after: listening.lastId } } });
    } else if (type === 'next' && payload.data?.syncEvents) {
      if (socket.readyState === socket.OPEN) listening.hear(payload.data.syncEvents);
    } else listening.fault(String(data));
  });
  await new Promise((resolve) => socket.once('close', resolve));
}

/** Resolves when the connection has ended. */
async function overStream(listening: Listening): Promise<void> {
  const { lastId } = listening;
  const request = httpRequest(`${listening.url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      Authorization: `Bearer ${listening.token}`,
      ...(lastId !== undefined && { 'Last-Event-ID': lastId }),
    },
  });
  listening.cut = () => request.destroy();
  request.on('error', () => {});
  request.end(JSON.stringify({ query }));
  request.once('response', (response: IncomingMessage) => {
    let unread = '';
    response.on('error', () => {});
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (unread + chunk).split('\n\n');
      unread = blocks.pop() ?? '';
      for (const block of blocks) if (!request.destroyed) readBlock(listening, block);
    });
  });
  await new Promise((resolve) => request.once('close', resolve));
}

function readBlock(listening: Listening, block: string): void {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s) as [string, string]));
  if (fields['retry'] !== undefined) return listening.stands(fields['id']!);
  if (block === ':') return;
  const event = fields['event'] === 'next' ? JSON.parse(fields['data']!).data?.syncEvents : undefined;
  if (event && event.id === fields['id']) listening.hear(event);
  else listening.fault(block);
}
