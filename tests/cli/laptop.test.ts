import { chmodSync, existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../src/sharing/revoke-table-access.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { makeLaptop, type Laptop } from './laptop-folder.ts';
import { da } from './run-da.ts';

let server: TestServer;
let orders: { id: string };
let costs: { id: string };

beforeAll(async () => {
  server = await startTestServer();
  orders = await server.registerFile('orders', 'id,name\n1,ada\n2,bob\n');
  costs = await server.registerFile('costs', 'id\n7\n');
  await server.sync();
});

afterAll(() => server.close());

function laptop(name: string, tableIds: readonly string[]): Promise<Laptop> {
  return makeLaptop(server, { name, tableIds });
}

test('brings exactly what one may read, and again it is one small question', async () => {
  const { rows, files, sync } = await laptop('exact', [orders.id]);
  expect(files()).toEqual(['shop/orders']);
  expect(await rows('SELECT * FROM shop.orders ORDER BY id')).toEqual([
    { id: '1', name: 'ada' },
    { id: '2', name: 'bob' },
  ]);
  await expect(rows('SELECT * FROM shop.costs')).rejects.toThrow('costs');
  expect(await sync()).toEqual({
    code: 0,
    report: { unchanged: true, downloaded: [], removed: [], failed: [], tables: 1, rescued: null },
  });
});

test('what was revoked goes from the disk and the views; what was granted comes', async () => {
  const { person, grantIds, rows, files, sync } = await laptop('revoked', [orders.id]);
  await server.run(grantTableAccess, { tableId: costs.id, userId: person.id });
  await server.run(revokeTableAccess, { grantId: grantIds[0]! });
  const { code, report } = await sync();
  expect([code, report]).toMatchObject([0, { removed: ['shop.orders'], downloaded: [{ table: 'shop.costs' }] }]);
  expect(files()).toEqual(['shop/costs']);
  await expect(rows('SELECT * FROM shop.orders')).rejects.toThrow('orders');
});

test('a file that was damaged, cut off or removed comes again, and own files stay', async () => {
  const { folder, files, sync, rows } = await laptop('damaged', [orders.id]);
  const own = join(folder, 'data/shop/orders/notes.txt');
  writeFileSync(own, 'mine');
  const held = join(folder, 'data/shop/orders');
  const file = join(
    held,
    readdirSync(held).find((name) => name.endsWith('.parquet'))!,
  );
  chmodSync(file, 0o644);
  truncateSync(file, 10);
  expect((await sync()).report).toMatchObject({ downloaded: [{ table: 'shop.orders' }] });
  rmSync(join(folder, 'agnes.duckdb'));
  expect((await sync()).report).toMatchObject({ unchanged: false, downloaded: [], tables: 1 });
  expect(await rows('SELECT count(*) AS n FROM shop.orders')).toEqual([{ n: '2' }]);
  expect(files()).toEqual(['shop/orders']);
  expect(existsSync(own)).toBe(true);
});

test('a workspace belongs to its server, and a folder that is none says so', async () => {
  const { run, folder } = await laptop('belongs', []);
  expect(await run('sync', '--server', 'http://127.0.0.1:1')).toMatchObject({ code: 2 });
  expect(await run('init', 'http://127.0.0.1:1')).toMatchObject({ code: 2 });
  const below = join(folder, 'work');
  expect(await da(['sync', '--json'], { cwd: below, env: { DA_TOKEN: 'wrong' } })).toMatchObject({
    code: 3,
    stdout: '',
  });
  const elsewhere = await da(['sync'], { cwd: scratchFolder() });
  expect(elsewhere).toMatchObject({ code: 2, stdout: '' });
  expect(elsewhere.stderr).toContain('da init');
});
