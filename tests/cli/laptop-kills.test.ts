import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syncLaptop } from '../../src/cli/laptop/sync-laptop.ts';
import { silent } from '../../src/cli/laptop/progress.ts';
import type { LaptopStep } from '../../src/cli/laptop/steps.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';
import { expectWholeVersions, killLaptop, publishVersion, rewriteVersion } from './kill-laptop.ts';
import { makeLaptop, type Laptop } from './laptop-folder.ts';

let server: TestServer;
let proxy: CuttingProxy;
let tableIds: string[];
let version = 0;

beforeAll(async () => {
  server = await startTestServer();
  tableIds = await publishVersion(server, version);
  proxy = await startCuttingProxy(server.url);
});

afterAll(async () => {
  await proxy.close();
  await server.close();
});

async function publishNext(): Promise<number> {
  version += 1;
  await rewriteVersion(server, version);
  return version;
}

function laptop(name: string): Promise<Laptop> {
  return makeLaptop(server, { name, tableIds, url: proxy.url });
}

function partsOf({ folder }: Laptop): number[] {
  const incoming = join(folder, '.agnes/incoming');
  const found = readdirSync(incoming, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.part'));
  return found.map((path) => statSync(join(incoming, path)).size);
}

test('killed at random moments, it shows whole versions, and the next run finishes', async () => {
  const killed = await laptop('killed');
  await killLaptop(5, { laptop: killed, publishNext, before: version });
}, 240_000);

test('a line that is cut and stays away costs nothing that was brought: the next run sends only the rest', async () => {
  const cut = await laptop('cut');
  const next = await publishNext();
  proxy.limit = 5_000;
  proxy.sent = 0;
  const first = cut.sync();
  // A first piece comes; then nothing more, until the command gives up.
  while (proxy.sent < 5_000) await new Promise((resolve) => setTimeout(resolve, 5));
  proxy.limit = 0;
  expect(await first).toMatchObject({ code: 5, report: { downloaded: [], tables: 2 } });
  await expectWholeVersions(cut, [next - 1]);
  const there = partsOf(cut).reduce((sum, size) => sum + size, 0);
  expect(there).toBeGreaterThan(0);
  proxy.limit = null;
  proxy.sent = 0;
  const { code, report } = await cut.sync();
  const downloaded = report['downloaded'] as { bytes: number; sentBytes: number }[];
  const whole = downloaded.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(code).toBe(0);
  expect(downloaded.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBe(proxy.sent);
  expect(proxy.sent).toBeLessThan(whole - there + 5_000);
  await expectWholeVersions(cut, [next]);
}, 60_000);

test('two at once: the second says so at once; a server that starts again in the middle is waited for', async () => {
  const busy = await laptop('busy');
  const next = await publishNext();
  proxy.limit = 5_000;
  proxy.atLimit = 'stand still';
  const first = busy.sync();
  await proxy.standsStill();
  const second = await busy.run('sync');
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toContain('Another da syncs this workspace');
  server = await server.restart();
  Object.assign(proxy, { target: server.url, limit: null, atLimit: 'break' });
  proxy.release();
  expect(await first).toMatchObject({ code: 0, report: { failed: [] } });
  await expectWholeVersions(busy, [next]);
}, 60_000);

test('a full disk at any step leaves whole versions, says so in a sentence, and the next run finishes', async () => {
  const full = await laptop('full');
  const steps: LaptopStep[] = [
    'write bytes',
    'place file',
    'write views',
    'remember',
    'place views',
    'write guide',
    'remove files',
  ];
  const connection = { server: proxy.url, token: full.person.token, tokenFrom: 'DA_TOKEN' } as const;
  const workspace = { folder: full.folder, server: proxy.url };
  for (const step of steps) {
    const next = await publishNext();
    const began: string[] = [];
    const ended = await syncLaptop(connection, {
      workspace,
      progress: silent,
      beforeStep(now) {
        began.push(now);
        if (now === step) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      },
    }).then(
      ({ failed }) => failed.map(({ error }) => error).join(),
      (error: Error) => error.message,
    );
    expect(began).toContain(step);
    expect(ended).toContain('ENOSPC');
    await expectWholeVersions(full, [next - 1, next]);
    const report = await syncLaptop(connection, { workspace, progress: silent });
    expect(report).toMatchObject({ failed: [], rescued: null });
    await expectWholeVersions(full, [next]);
  }
}, 60_000);

test('rows that were added to a table cost at most 1.3 times their own bytes', async () => {
  const groupRows = 122_880; // The rows of a full row group of a Parquet file with such narrow rows.
  const rowsUpTo = (count: number) =>
    `id,text\n${Array.from({ length: count }, (_, id) => `${id},row ${(id * 7919) % 99_991}\n`).join('')}`;
  const { id } = await server.registerFile('grown', rowsUpTo(2 * groupRows));
  await server.sync();
  const grown = await makeLaptop(server, { name: 'grown', tableIds: [id] });
  const sizeOf = () => server.open.services.generations.state(id)!.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const before = sizeOf();
  writeFileSync(join(server.files, 'grown.csv'), rowsUpTo(2.25 * groupRows));
  await server.sync();
  const { report } = await grown.sync();
  const [{ sentBytes }] = report['downloaded'] as [{ sentBytes: number }];
  const newBytes = sizeOf() - before;
  process.stdout.write(`delta: ${newBytes} new bytes, ${sentBytes} sent, ${sizeOf()} in all\n`);
  expect(sentBytes).toBeLessThanOrEqual(1.3 * newBytes);
  expect(await grown.rows('SELECT count(*)::INT AS n, max(id)::INT AS id FROM shop.grown')).toEqual([
    { n: 2.25 * groupRows, id: 2.25 * groupRows - 1 },
  ]);
}, 60_000);
