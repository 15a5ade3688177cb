import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildSchema, execute, type GraphQLObjectType } from 'graphql';
import { WebSocketServer } from 'ws';
import { newId } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import type { Principal } from '../../src/operation/principal.ts';
import { TopicBus } from '../../src/server/event-bus.ts';
import { SubscriptionHub } from '../../src/server/subscription-hub.ts';
import { createWebSocketDoor, webSocketLimits } from '../../src/server/websocket.ts';

export const name = 'events';

const subscribers = 5_000;
const rounds = 30;
const warmUpRounds = 8;

const query = 'subscription { syncEvent { id at runId source rows table } }';

/** One event to 5,000 GraphQL subscribers against a plain `ws` broadcast of the same bytes to as many clients. */
export async function run(): Promise<{ what: string; ratio: number | null; note: string }[]> {
  const { server, broadcast, publish, close } = await startServer();
  const { port } = server.address() as AddressInfo;
  const clients = fork(join(packageRoot, 'tests/bench/events-clients.mjs'), [`${port}`, `${subscribers}`, query], {
    execArgv: [],
  });
  try {
    await message(clients, (said) => said['ready'] === true);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const samples = { raw: [] as Sample[], hub: [] as Sample[] };
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const raw = await measure(clients, 'raw', broadcast);
      const hub = await measure(clients, 'hub', publish);
      if (round < 0) continue;
      samples.raw.push(raw);
      samples.hub.push(hub);
    }
    return [describe('server CPU', samples, 'cpu'), describe('last client has it', samples, 'wall')];
  } finally {
    clients.kill();
    await close();
  }
}

export default run;

interface Sample {
  cpu: number;
  wall: number;
}

async function measure(clients: ChildProcess, kind: 'raw' | 'hub', send: () => void): Promise<Sample> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  const arrived = message(clients, (said) => said['received'] === kind);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  send();
  await arrived;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpu: (user + system) / 1_000, wall: performance.now() - start };
}

function describe(what: string, samples: { raw: Sample[]; hub: Sample[] }, figure: 'cpu' | 'wall') {
  const hub = median(samples.hub.map((sample) => sample[figure]));
  const raw = median(samples.raw.map((sample) => sample[figure]));
  return {
    what: `one event to ${subscribers} subscribers ÷ raw ws broadcast of the same bytes, ${what}`,
    ratio: hub / raw,
    note: `${hub.toFixed(0)} ms against ${raw.toFixed(0)} ms, medians of ${rounds} interleaved rounds`,
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function message(child: ChildProcess, wanted: (said: Record<string, unknown>) => boolean): Promise<void> {
  for (;;) {
    const [said] = (await once(child, 'message')) as [Record<string, unknown>];
    if (wanted(said)) return;
  }
}

interface BenchServer {
  server: Server;
  broadcast: () => void;
  publish: () => void;
  close: () => Promise<void>;
}

async function startServer(): Promise<BenchServer> {
  const schema = benchSchema();
  const bus = new TopicBus();
  const hub = new SubscriptionHub({
    schema,
    bus,
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
  const raw = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    if (!door.handleUpgrade(request, socket, head)) raw.handleUpgrade(request, socket, head, () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const payload = benchEvent();
  const sameBytes = JSON.stringify({ id: newId(), type: 'next', payload: { data: { syncEvent: payload } } });
  let seq = 0;
  return {
    server,
    broadcast() {
      for (const client of raw.clients) if (client.readyState === client.OPEN) client.send(sameBytes);
    },
    publish: () => bus.publish([{ seq: (seq += 1), at: new Date(), topic: 'sync', payload }]),
    async close() {
      for (const client of raw.clients) client.terminate();
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
