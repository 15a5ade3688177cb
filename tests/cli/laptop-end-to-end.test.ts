import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../src/sharing/revoke-table-access.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { ask, startTestServer, type TestServer } from '../kit/server.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';
import { makeLaptop, type Laptop } from './laptop-folder.ts';
import { program } from './run-da.ts';

let server: TestServer;
let proxy: CuttingProxy;
const ids: Record<string, string> = {};

beforeAll(async () => {
  server = await startTestServer();
  for (const name of ['orders', 'costs', 'people']) {
    ids[name] = (await server.registerFile(name, `id,name\n1,${name}\n2,b\n`)).id;
  }
  await server.sync();
  proxy = await startCuttingProxy(server.url);
});

afterAll(async () => {
  await proxy.close();
  await server.close();
});

function start(laptop: Laptop, ...words: string[]) {
  return spawn(process.execPath, [program, ...words], {
    cwd: laptop.folder,
    env: { PATH: process.env['PATH'], DA_TOKEN: laptop.person.token, XDG_CONFIG_HOME: scratchFolder() },
    stdio: 'ignore',
  });
}

interface Told {
  readonly sqlName: string;
  readonly columns: { name: string }[];
  readonly files: { sha256: string }[];
}

/** What the server says that this person may read now. */
async function readable({ person }: Laptop): Promise<Told[]> {
  const query = '{ manifest { tables { table { sqlName columns { name } files { sha256 } } } } }';
  const { data } = await ask(server, { as: person, query });
  return (data.manifest.tables as { table: Told }[]).map(({ table }) => table);
}

/** Expects the files below `data/`, the views and their columns to be exactly what the server says. */
async function expectExactly(laptop: Laptop, sqlNames: readonly string[]): Promise<void> {
  const told = await readable(laptop);
  expect(told.map(({ sqlName }) => sqlName)).toEqual(sqlNames);
  laptop.files(); // Compares each name with the hash of the content.
  const paths = told.flatMap(({ sqlName, files }) =>
    files.map(({ sha256 }) => `${sqlName.replace('.', '/')}/${sha256}.parquet`),
  );
  const found = readdirSync(join(laptop.folder, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(laptop.folder, 'data').length + 1));
  expect(found.toSorted()).toEqual([...paths, 'metrics.ndjson', 'tables.ndjson'].toSorted());
  const incoming = join(laptop.folder, '.agnes/incoming');
  const parts = existsSync(incoming) ? readdirSync(incoming, { recursive: true, withFileTypes: true }) : [];
  expect(parts.filter((entry) => entry.isFile())).toEqual([]);
  const views = await laptop.rows(
    "SELECT table_schema || '.' || table_name AS name, list(column_name ORDER BY ordinal_position) AS columns " +
      "FROM information_schema.columns WHERE table_schema <> 'information_schema' GROUP BY ALL ORDER BY name",
  );
  expect(views).toEqual(
    told.map(({ sqlName, columns }) => ({ name: sqlName, columns: columns.map(({ name }) => name) })),
  );
}

test('three people with different rights hold exactly what each may see, after a revocation, another schema and a kill', async () => {
  const [all, some, none] = [
    await makeLaptop(server, {
      name: 'all',
      tableIds: [ids['orders']!, ids['costs']!, ids['people']!],
      url: proxy.url,
    }),
    await makeLaptop(server, { name: 'some', tableIds: [ids['orders']!, ids['costs']!] }),
    await makeLaptop(server, { name: 'none', tableIds: [] }),
  ];
  await expectExactly(all, ['shop.costs', 'shop.orders', 'shop.people']);
  await expectExactly(some, ['shop.costs', 'shop.orders']);
  await expectExactly(none, []);

  await server.run(revokeTableAccess, { grantId: some.grantIds[0]! });
  await server.run(grantTableAccess, { tableId: ids['people']!, userId: none.person.id });
  writeFileSync(join(server.files, 'costs.csv'), 'id,amount,currency\n1,2.5,EUR\n');
  await server.sync();
  Object.assign(proxy, { limit: 100, atLimit: 'stand still' });
  const killed = start(all, 'sync', '--quiet');
  await proxy.standsStill();
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  proxy.limit = null;
  proxy.release();
  for (const laptop of [all, some, none]) expect(await laptop.syncHere()).toMatchObject({ failed: [] });
  await expectExactly(all, ['shop.costs', 'shop.orders', 'shop.people']);
  await expectExactly(some, ['shop.costs']);
  await expectExactly(none, ['shop.people']);
  expect(some.text('AGENTS.md')).not.toContain('shop.orders');
  expect(await some.rows('SELECT amount::VARCHAR AS amount, currency FROM shop.costs')).toEqual([
    { amount: '2.5', currency: 'EUR' },
  ]);
}, 60_000);

test('--watch brings what a run has published and removes what was revoked, until Ctrl-C', async () => {
  const laptop = await makeLaptop(server, { name: 'watcher', tableIds: [ids['orders']!, ids['people']!] });
  const watching = start(laptop, 'sync', '--watch', '--quiet');
  try {
    const before = JSON.parse(laptop.text('.agnes/state.json')) as { syncedAt: string };
    await until(() => (JSON.parse(laptop.text('.agnes/state.json')) as typeof before).syncedAt !== before.syncedAt);
    writeFileSync(join(server.files, 'orders.csv'), 'id,name\n1,new\n2,b\n3,c\n');
    await server.sync();
    await until(async () => (await laptop.rows('SELECT count(*)::INT AS n FROM shop.orders'))[0]!['n'] === 3);
    await server.run(revokeTableAccess, { grantId: laptop.grantIds[0]! });
    await until(() => laptop.files().join() === 'shop/people');
    const ended = once(watching, 'exit');
    watching.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  } finally {
    watching.kill('SIGKILL');
  }
}, 60_000);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await Promise.resolve(condition()).catch(() => false))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
