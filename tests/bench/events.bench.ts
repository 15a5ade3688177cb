import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, execute, type GraphQLObjectType } from 'graphql';
import { newId } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import type { Principal } from '../../src/operation/principal.ts';
import { TopicBus } from '../../src/server/event-bus.ts';
import { SubscriptionHub } from '../../src/server/subscription-hub.ts';
import { createWebSocketDoor, webSocketLimits } from '../../src/server/websocket.ts';
import { syncTopic, type SyncEvent } from '../../src/sync/sync-event.ts';
import { startTestServer } from '../kit/server.ts';
import type { BenchRow } from './bench.ts';
import { measureEvents, type EventSource } from './event-rounds.ts';
import { registerTables } from './registered-tables.ts';

export const name = 'events';

export default async function bench(): Promise<BenchRow[]> {
  return [...(await hubAlone()), ...(await wholeServer())];
}

async function hubAlone(): Promise<BenchRow[]> {
  const { close, ...source } = await startHub();
  try {
    return await measureEvents(source);
  } finally {
    await close();
  }
}

/** The whole server with its own schema; the event takes the way of a real one, through a transaction and the outbox. */
async function wholeServer(): Promise<BenchRow[]> {
  const server = await startTestServer();
  try {
    const { services } = server.open;
    const [table] = await registerTables(services, 1);
    const { token } = await server.person('ana', ['core.viewer']);
    const run = { runId: newId(), sourceId: table!.sourceId };
    const event: SyncEvent = { ...run, kind: 'tablePublished', tableId: table!.id };
    return await measureEvents({
      what: 'whole server, commit included',
      url: `${server.url.replace('http', 'ws')}/graphql`,
      token,
      query: 'subscription { syncEvents { id at runId source ... on SyncTablePublished { table { sqlName } } } }',
      data: {
        syncEvents: {
          id: '1000',
          at: '2026-01-02T03:04:05.678Z',
          runId: `SyncRun:${run.runId}`,
          source: 'shop',
          table: { sqlName: table!.sqlName },
        },
      },
      publish: () => services.store.write(async (tx) => tx.emit(syncTopic, event)),
    });
  } finally {
    await server.close();
  }
}

async function startHub(): Promise<EventSource & { close(): Promise<void> }> {
  const schema = benchSchema();
  const bus = new TopicBus();
  let seq = 0;
  const hub = new SubscriptionHub({
    schema,
    bus,
    outbox: {
      get lastSeq() {
        return seq;
      },
      eventsAfter: async () => ({ events: [], oldestSeq: 0 }),
    },
    principalOf: (credential) => (credential as { principal: Principal }).principal,
    accessKey: (principal) => [...principal.roles].toSorted().join(','),
    onAccessChange: () => () => {},
    contextFor: (principal) => ({ principal }),
    refusal: () => null,
    maskError: (error) => error,
  });
  const door = createWebSocketDoor({
    schema,
    hub,
    publicUrl: 'http://127.0.0.1',
    corsOrigins: [],
    developmentMode: false,
    limits: webSocketLimits,
    log: createLog('silent'),
    authenticate: async () => ({ principal: benchPrincipal() }),
    principalOf: (credential) => (credential as { principal: Principal }).principal,
    execute: async ({ document, variables }) => execute({ schema, document, variableValues: variables }),
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    if (!door.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const payload = benchEvent();
  return {
    what: 'hub alone',
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    token: 'bench',
    query: 'subscription { syncEvent { id at runId source rows table } }',
    data: { syncEvent: payload },
    publish: () => bus.publish([{ seq: (seq += 1), at: new Date(), topic: 'sync', payload }]),
    async close() {
      await door.close();
      hub.close();
      server.close();
    },
  };
}

function benchPrincipal(): Principal {
  const roles = new Set(['core.viewer', 'core.analyst']);
  return { userId: newId(), email: 'ana@example.com', credential: { kind: 'pat', id: newId() }, roles };
}

function benchEvent() {
  return {
    id: newId(),
    at: '2026-01-02T03:04:05.678Z',
    runId: newId(),
    source: 'warehouse',
    rows: '1234567',
    table: 'warehouse.orders',
  };
}

function benchSchema() {
  const schema = buildSchema(`
    type Query { hello: String }
    type Subscription { syncEvent: SyncEvent }
    type SyncEvent { id: ID! at: String! runId: ID! source: String! rows: String table: String }
  `);
  const field = (schema.getSubscriptionType() as GraphQLObjectType).getFields()['syncEvent'];
  if (!field) throw new Error('The schema has no field syncEvent.');
  field.extensions = { subscription: { topic: 'sync', visible: () => true } };
  field.resolve = (payload) => payload;
  return schema;
}
