import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';
import type { TestServer } from '../kit/server.ts';
import type { Laptop } from './laptop-folder.ts';
import { program } from './run-da.ts';

const names = ['orders', 'costs'];
const rowCount = 30_000;

/** Registers both tables and publishes a version of them; every row says which. Resolves to their ids. */
export async function publishVersion(server: TestServer, version: number): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push((await server.registerFile(name, contentOf(version))).id);
  await server.sync();
  return ids;
}

/** Publishes another version of both tables. */
export async function rewriteVersion(server: TestServer, version: number): Promise<void> {
  for (const name of names) writeFileSync(join(server.files, `${name}.csv`), contentOf(version));
  await server.sync();
}

function contentOf(version: number): string {
  const rows = Array.from(
    { length: rowCount },
    (_, id) => `${id},${version},${(id * 7919 * (version + 3)) % 999_983}\n`,
  );
  return `id,version,noise\n${rows.join('')}`;
}

/** Expects each view to hold all rows of one version, of one of these. */
export async function expectWholeVersions(laptop: Laptop, versions: readonly number[]): Promise<void> {
  const parts = names.map(
    (name) => `SELECT '${name}' AS name, version::INT AS version, count(*)::INT AS n FROM shop.${name} GROUP BY ALL`,
  );
  const held = await laptop.rows(parts.join(' UNION ALL '));
  expect(new Map(held.map(({ name, n }) => [name, n]))).toEqual(new Map(names.map((name) => [name, rowCount])));
  expect(held).toHaveLength(names.length);
  for (const { version } of held) expect(versions).toContain(version);
}

const killsOfOneVersion = 4;

/**
 * Kills `da sync` at random moments until so many were cut off, some one after the other before a version is here. After each
 * of them every view holds the whole of one version, and then the next sync brings the newest. Resolves to how many came to
 * their end because the moment was too late.
 */
export async function killLaptop(
  kills: number,
  given: { laptop: Laptop; before: number; publishNext: () => Promise<number> },
): Promise<{ ended: number }> {
  const { laptop, publishNext } = given;
  let { before } = given;
  let ended = 0;
  let cutOff = 0;
  let longestMs = 1000;
  while (cutOff < kills) {
    const version = await publishNext();
    for (let kill = 0; kill < killsOfOneVersion && cutOff < kills; kill += 1) {
      const { wasKilled, milliseconds } = await syncUntil(laptop, Math.random() * longestMs);
      await expectWholeVersions(laptop, [before, version]);
      if (wasKilled) {
        cutOff += 1;
        longestMs *= 1.1;
        continue;
      }
      ended += 1;
      longestMs = milliseconds;
      break;
    }
    expect(await laptop.syncHere()).toMatchObject({ failed: [], tables: names.length });
    await expectWholeVersions(laptop, [version]);
    expect(laptop.files()).toEqual(names.map((name) => `shop/${name}`).toSorted());
    before = version;
  }
  return { ended };
}

/** Runs `da sync` as a process of its own and kills it at the given moment, unless it has ended. */
async function syncUntil(laptop: Laptop, killMs: number): Promise<{ wasKilled: boolean; milliseconds: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [program, 'sync', '--quiet'], {
    cwd: laptop.folder,
    env: { PATH: process.env['PATH'], DA_TOKEN: laptop.person.token, XDG_CONFIG_HOME: scratchFolder() },
    stdio: 'ignore',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), killMs);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (signal !== 'SIGKILL') expect(code).toBe(0);
  return { wasKilled: signal === 'SIGKILL', milliseconds: performance.now() - began };
}
