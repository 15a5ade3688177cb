import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { newId } from '../../src/kernel/ids.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { median, type BenchRow } from './bench.ts';

const subscribers = 5_000;
const rounds = 30;
const warmUpRounds = 8;

/** A GraphQL server in this process: where and with what its clients subscribe, and what makes it send one event. */
export interface EventSource {
  /** What the rows say of it. */
  what: string;
  url: string;
  token: string;
  query: string;
  /** What each client gets for one event, as `data`. */
  data: object;
  publish(): void | Promise<void>;
}

/** One event to 5,000 GraphQL subscribers against a plain `ws` broadcast of as many bytes to as many clients. */
export async function measureEvents(source: EventSource): Promise<BenchRow[]> {
  const raw = await openBroadcast(JSON.stringify({ id: newId(), type: 'next', payload: { data: source.data } }));
  const clients = fork(
    join(packageRoot, 'tests/bench/events-clients.mjs'),
    [raw.url, source.url, source.token, `${subscribers}`, source.query],
    { execArgv: [] },
  );
  try {
    await message(clients, (said) => said['ready'] === true);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const samples = { raw: [] as Sample[], hub: [] as Sample[] };
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const broadcast = await measure(clients, 'raw', () => raw.broadcast());
      const hub = await measure(clients, 'hub', () => void source.publish());
      if (round < 0) continue;
      samples.raw.push(broadcast);
      samples.hub.push(hub);
    }
    return [
      describe(`${source.what}, server CPU`, samples, 'cpu'),
      describe(`${source.what}, last client has it`, samples, 'wall'),
    ];
  } finally {
    clients.kill();
    raw.close();
  }
}

async function openBroadcast(text: string) {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broadcast() {
      for (const client of sockets.clients) if (client.readyState === client.OPEN) client.send(text);
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
    },
  };
}

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

function describe(what: string, samples: { raw: Sample[]; hub: Sample[] }, figure: 'cpu' | 'wall'): BenchRow {
  const hub = median(samples.hub.map((sample) => sample[figure]));
  const raw = median(samples.raw.map((sample) => sample[figure]));
  return {
    what: `one event to ${subscribers} subscribers ÷ raw ws broadcast, ${what}`,
    ratio: hub / raw,
    note: `${hub.toFixed(0)} ms against ${raw.toFixed(0)} ms, medians of ${rounds} interleaved rounds`,
  };
}

async function message(child: ChildProcess, wanted: (said: Record<string, unknown>) => boolean): Promise<void> {
  for (;;) {
    const [said] = (await once(child, 'message')) as [Record<string, unknown>];
    if (wanted(said)) return;
  }
}
