import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { openStore } from '../../src/store/open-store.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestPerson } from '../kit/server.ts';
import { change, lastRunEnded } from '../programs/first-steps.ts';
import { addressOf, freePort, startProgram, type Program } from '../programs/program.ts';
import { listenForever, type EventListener } from './event-listener.ts';

const names = ['orders', 'payments', 'salaries'];
const longestRunMs = 400;
const patienceMs = 120_000;

export interface FollowedKills {
  /** Sync events of the outbox that anybody was shown. */
  events: number;
  /** Events that all clients together were handed. */
  handedOut: number;
  connections: number;
  /** Clients that may read some of the tables, or none. */
  restricted: number;
}

interface Follower {
  readonly listener: EventListener;
  /** The tables whose events it is shown, by id; with none it is shown nothing at all. */
  readonly readable: ReadonlySet<string>;
}

interface World {
  readonly url: string;
  readonly dataDir: string;
  readonly admin: TestPerson;
  readonly followers: readonly Follower[];
}

/**
 * Kills a real server again and again while clients follow its syncs, over sockets and streams, with the rights to all, one
 * or none of the tables. They come again by themselves; in the end each has been handed exactly the events of the outbox
 * that it may see, in order and once.
 */
export async function killFollowedServer(given: {
  clients: number;
  kills: number;
  syncs: number;
}): Promise<FollowedKills> {
  const dataDir = scratchFolder();
  const port = await freePort();
  const { admin, readers, files } = await prepare(dataDir);
  const environment = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', FILES_ALLOWED_ROOTS: files };
  let server = startProgram('server', environment);
  const url = await addressOf(server);
  const followers = Array.from({ length: given.clients }, (_, index): Follower => {
    const { token, readable } = readers[index % readers.length]!;
    const over = Math.floor(index / readers.length) % 2 === 0 ? 'socket' : 'stream';
    return { listener: listenForever({ url, token, over }), readable };
  });
  onTestFinished(() => followers.forEach(({ listener }) => listener.stop()));
  const begin = await Promise.all(followers.map(({ listener }) => listener.standing));
  const world: World = { url, dataDir, admin, followers };

  for (let kill = 0; kill < given.kills; kill += 1) {
    for (let sync = 0; sync < given.syncs; sync += 1) await runSync(world);
    await killAmidSync(world, server);
    server = startProgram('server', environment);
    await addressOf(server);
  }
  for (let sync = 0; sync < given.syncs; sync += 1) await runSync(world);
  await allHeard(world, (await runSync(world)).id);
  followers.forEach(({ listener }) => listener.stop());
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
  return compare(world, begin.map(Number));
}

/** The state before the server starts: three tables, and people who may read all, one or none of them. */
async function prepare(dataDir: string) {
  const server = await startTestServer({ dataDir });
  const tables = [];
  for (const name of names) tables.push(await server.registerFile(name, 'id\n1\n2\n'));
  const readers = [];
  for (const [name, count] of [
    ['all', 3],
    ['one', 1],
    ['none', 0],
    ['everything', 3],
  ] as const) {
    const { id, token } = await server.person(name, ['core.viewer']);
    const readable = tables.slice(0, count);
    for (const table of readable) await server.run(grantTableAccess, { tableId: table.id, userId: id });
    readers.push({ token, readable: new Set(readable.map((table) => table.id)) });
  }
  const admin = await server.person('admin', ['core.admin']);
  await server.stop();
  return { admin, readers, files: server.files };
}

async function startShopSync({ url, admin }: World): Promise<void> {
  const as = { token: admin.token };
  await change(url, { as, mutation: 'startSync', input: { source: 'shop' }, selection: 'run { id }' });
}

async function runSync(world: World): Promise<{ id: string }> {
  await startShopSync(world);
  const run = await lastRunEnded(world.url, { token: world.admin.token });
  expect(run.state).toBe('SUCCEEDED');
  return run;
}

async function killAmidSync(world: World, server: Program): Promise<void> {
  await startShopSync(world);
  await sleep(Math.random() * longestRunMs);
  server.signal('SIGKILL');
  expect(await server.ended).toBe('SIGKILL');
}

/** Waits until everybody who may has heard of the end of the run. */
async function allHeard({ followers }: World, runId: string): Promise<void> {
  const waiting = new Set(followers.filter(({ readable }) => readable.size > 0));
  for (let waited = 0; waiting.size > 0 && waited < patienceMs; waited += 50) {
    for (const follower of waiting) {
      const last = follower.listener.heard.at(-1);
      if (last?.runId === runId && last.kind === 'SyncFinished') waiting.delete(follower);
    }
    await sleep(50);
  }
}

async function compare({ dataDir, followers }: World, begin: readonly number[]): Promise<FollowedKills> {
  const store = await openStore({ dataDir, clock: systemClock });
  const rows = await store.db.selectFrom('events').selectAll().where('topic', '=', 'sync').orderBy('seq').execute();
  await store.close();
  const events = rows.map(({ seq, payload }) => ({
    seq,
    ...(JSON.parse(payload) as { kind: string; tableId?: string }),
  }));
  for (const [index, { listener, readable }] of followers.entries()) {
    const shown = events.filter(
      ({ seq, kind, tableId }) =>
        seq > begin[index]! && kind !== 'queued' && readable.size > 0 && (!tableId || readable.has(tableId)),
    );
    expect(listener.faults, `client ${index}`).toEqual([]);
    expect(
      listener.heard.map(({ id }) => id),
      `client ${index}`,
    ).toEqual(shown.map(({ seq }) => String(seq)));
  }
  const sum = (count: (follower: Follower) => number) => followers.reduce((all, one) => all + count(one), 0);
  return {
    events: events.filter(({ kind }) => kind !== 'queued').length,
    handedOut: sum(({ listener }) => listener.heard.length),
    connections: sum(({ listener }) => listener.connections),
    restricted: sum(({ readable }) => (readable.size < names.length ? 1 : 0)),
  };
}
