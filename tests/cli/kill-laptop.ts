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
  for (const name of names) {
    const sql = `SELECT version::INT AS version, count(*)::INT AS n FROM shop.${name} GROUP BY ALL`;
    const held = await laptop.rows(sql);
    expect(held).toHaveLength(1);
    expect(held[0]!['n']).toBe(rowCount);
    expect(versions).toContain(held[0]!['version']);
  }
}

/**
 * Kills `da sync` again and again at random moments while there is a new version of each table. After each kill every view
 * holds the whole of one version, and the next sync brings the newest.
 */
export async function killLaptop(
  kills: number,
  given: { laptop: Laptop; before: number; publishNext: () => Promise<number> },
): Promise<{ cutOff: number }> {
  const { laptop, publishNext } = given;
  let { before } = given;
  let cutOff = 0;
  let longestMs = 1000;
  for (let kill = 0; kill < kills; kill += 1) {
    const version = await publishNext();
    const child = spawn(process.execPath, [program, 'sync', '--quiet'], {
      cwd: laptop.folder,
      env: { PATH: process.env['PATH'], DA_TOKEN: laptop.person.token, XDG_CONFIG_HOME: scratchFolder() },
      stdio: 'ignore',
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * longestMs);
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    clearTimeout(timer);
    if (signal === 'SIGKILL') cutOff += 1;
    await expectWholeVersions(laptop, [before, version]);
    const began = performance.now();
    expect(await laptop.sync()).toMatchObject({ code: 0, report: { failed: [], tables: names.length } });
    longestMs = performance.now() - began;
    await expectWholeVersions(laptop, [version]);
    expect(laptop.files()).toEqual(names.map((name) => `shop/${name}`).toSorted());
    before = version;
  }
  return { cutOff };
}
