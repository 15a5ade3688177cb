import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import {
  askData,
  change,
  completeSetup,
  lastRunEnded,
  makeShop,
  sqlRows,
  startShopSync,
  syncRuns,
} from '../programs/first-steps.ts';
import { addressOf, freePort, setupSecretOf, startProgram, type Program } from '../programs/program.ts';

const names = ['orders', 'payments', 'returns'];
const rows = 20_000;
const longestLifeMs = 1500;
const stopped = 'The server stopped while this run was on its way; start it again.';

export interface ServerKills {
  /** Runs that a kill cut off. */
  cutOff: number;
  /** Runs that ended before the kill came. */
  ended: number;
  /** Users whose creation was acknowledged. */
  acknowledged: number;
}

/** One instance over many lives of its server. */
interface World {
  readonly url: string;
  readonly dataDir: string;
  readonly session: { session: string };
  readonly acknowledged: string[];
  /** The newest version that a run had published when it was seen to have succeeded. */
  published: number;
}

function content(version: number): string {
  return `id,version,text\n${Array.from({ length: rows }, (_, id) => `${id},${version},row ${id}\n`).join('')}`;
}

/**
 * Kills a real server again and again at random moments of a sync, while people are being created. After each start every
 * acknowledged change is there, the cut-off run has failed with its sentence, the tables hold one whole version, none older
 * than the last that was acknowledged, and `extract.duckdb` can be read.
 */
export async function killServer(kills: number): Promise<ServerKills> {
  const dataDir = scratchFolder();
  const port = await freePort();
  const environment = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', FILES_ALLOWED_ROOTS: dataDir };
  let server = startProgram('server', environment);
  const url = await addressOf(server);
  const session = await completeSetup(url, await setupSecretOf(server));
  const world: World = { url, dataDir, session, acknowledged: [], published: 0 };
  const files = Object.fromEntries(names.map((name) => [name, content(0)]));
  await makeShop(url, { as: session, folder: dataDir, files });
  await startShopSync(url, session);
  expect((await lastRunEnded(url, session)).state).toBe('SUCCEEDED');

  for (let kill = 1; kill <= kills; kill += 1) {
    await changeThenKill(world, server, kill);
    server = startProgram('server', environment);
    await addressOf(server);
    await expectWhole(world, kill);
  }
  return finish(world, server, kills + 1);
}

async function changeThenKill(world: World, server: Program, version: number): Promise<void> {
  for (const name of names) writeFileSync(join(world.dataDir, `${name}.csv`), content(version));
  await startShopSync(world.url, world.session);
  const creating = createPeople(world, version);
  await sleep(Math.random() * longestLifeMs);
  server.signal('SIGKILL');
  expect(await server.ended).toBe('SIGKILL');
  await creating;
}

/** Creates one person after another until the server is gone. */
async function createPeople(world: World, version: number): Promise<void> {
  for (let number = 1; ; number += 1) {
    const email = `person-${version}-${number}@example.com`;
    try {
      await change(world.url, {
        as: world.session,
        mutation: 'createUser',
        input: { email },
        selection: 'user { id }',
      });
    } catch {
      return;
    }
    world.acknowledged.push(email);
    await sleep(50);
  }
}

async function expectWhole(world: World, kill: number): Promise<void> {
  const { url, session } = world;
  const emails = await allEmails(world);
  expect(
    world.acknowledged.filter((email) => !emails.has(email)),
    `after kill ${kill}`,
  ).toEqual([]);

  const [run] = await syncRuns(url, session);
  if (run!.state === 'SUCCEEDED') world.published = kill;
  else expect(run, `after kill ${kill}`).toMatchObject({ state: 'FAILED', error: stopped });
  expect(run!.tables.filter(({ state }) => state !== 'SUCCEEDED' && state !== 'FAILED')).toEqual([]);

  expect(await versionsServed(world), `after kill ${kill}`).toEqual([[world.published, world.published, rows * 3]]);
  expect(await versionsDescribed(world), `after kill ${kill}`).toEqual([world.published, world.published, rows * 3]);
}

async function allEmails({ url, session }: World): Promise<Set<string>> {
  const emails = new Set<string>();
  for (let after: string | null = null; ;) {
    const query =
      'query ($after: String) { users(first: 500, after: $after) { pageInfo { hasNextPage endCursor } edges { node { email } } } }';
    const { users }: any = await askData(url, { as: session, query, variables: { after } });
    for (const { node } of users.edges) emails.add(node.email);
    if (!users.pageInfo.hasNextPage) return emails;
    after = users.pageInfo.endCursor;
  }
}

const everyRow = (prefix: string) => names.map((name) => `SELECT version FROM ${prefix}${name}`).join(' UNION ALL ');

async function versionsServed({ url, session }: World): Promise<number[][]> {
  const statement = `SELECT min(version), max(version), count(*) FROM (${everyRow('shop.')})`;
  return (await sqlRows(url, { as: session, statement })).map((row) => row.map(Number));
}

async function versionsDescribed({ dataDir }: World): Promise<number[]> {
  const statement = `SELECT min(version) AS low, max(version) AS high, count(*) AS count FROM (${everyRow('')})`;
  const [row] = await readRows(statement, join(dataDir, 'extracts/shop/extract.duckdb'));
  return Object.values(row!).map(Number);
}

/** The next run works, leaves nothing half-made behind, and the server ends in order. */
async function finish(world: World, server: Program, version: number): Promise<ServerKills> {
  const { url, session, dataDir } = world;
  for (const name of names) writeFileSync(join(dataDir, `${name}.csv`), content(version));
  await startShopSync(url, session);
  expect((await lastRunEnded(url, session)).state).toBe('SUCCEEDED');
  expect(await versionsServed(world)).toEqual([[version, version, rows * 3]]);
  expect(readdirSync(join(dataDir, 'extracts/shop/.staging'))).toEqual([]);
  const runs = await syncRuns(url, session);
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
  const cutOff = runs.filter(({ state }) => state === 'FAILED').length;
  return { cutOff, ended: runs.length - cutOff - 2, acknowledged: world.acknowledged.length };
}
