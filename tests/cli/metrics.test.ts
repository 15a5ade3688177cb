import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { da } from './run-da.ts';

let folder: string;
let server: TestServer;
let env: Record<string, string>;
let viewerEnv: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  const curator = await server.person('curator', ['core.km_admin']);
  const viewer = await server.person('viewer', ['core.viewer']);
  env = { DA_SERVER: server.url, DA_TOKEN: curator.token };
  viewerEnv = { ...env, DA_TOKEN: viewer.token };
  const table = await server.registerFile('orders', 'day,channel,amount\n2026-01-01,web,10\n2026-02-01,shop,20\n');
  for (const { id } of [curator, viewer]) await server.run(grantTableAccess, { tableId: table.id, userId: id });
  await server.sync();
  folder = join(server.dataDir, 'definitions');
  mkdirSync(join(folder, 'sales'), { recursive: true });
  write('metrics.yml', 'metrics: []\n');
  write(
    'sales/total.yml',
    `name: total
table: shop.orders
time_column: day
dimensions: [channel]
description: All of it.
sql: SELECT day, sum(amount)::INTEGER AS total FROM shop.orders GROUP BY ALL ORDER BY day
sql_by_channel: SELECT channel, sum(amount)::INTEGER AS total FROM shop.orders GROUP BY ALL ORDER BY ALL
`,
  );
});
afterAll(() => server.close());

function write(name: string, content: string): void {
  writeFileSync(join(folder, name), content);
}

const metrics = (words: string[], as = env) => da(['metrics', ...words], { env: as });

describe('da metrics import and validate', () => {
  test('a folder is checked without being stored, then imported; the index of the predecessor is left out', async () => {
    expect(await metrics(['validate', folder])).toEqual({ code: 0, stdout: '', stderr: 'No faults in 1 file.\n' });
    expect(await metrics(['list', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(await metrics(['import', folder])).toEqual({
      code: 0,
      stdout: '',
      stderr: '1 created, 0 updated, 0 unchanged.\n',
    });
    const { stdout, stderr } = await metrics(['import', join(folder, 'sales/total.yml'), '--json']);
    expect([JSON.parse(stdout), stderr]).toEqual([{ created: 0, updated: 0, unchanged: 1, warnings: [] }, '']);
  });

  test('with faults nothing is stored; each stands on stderr with file, line and column, and the exit code is 1', async () => {
    write('sales/bad.yml', 'name: bad\ngrain: never\n');
    write('sales/good.yml', 'name: good\nsql: SELECT 1\n');
    const bad = join(folder, 'sales/bad.yml');
    const ended = await metrics(['import', folder]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${bad}:2:8: This must be one of second, `)),
      `${bad}:1:1: sql: This is required.`,
      'Nothing was imported: 2 faults in the files.',
      '',
    ]);
    expect((await metrics(['show', 'sales/good'])).code).toBe(1);
    expect(await metrics(['validate', folder])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\n2 faults\.\n$/),
    });
    rmSync(bad);
    rmSync(join(folder, 'sales/good.yml'));
  });

  test('what does not fit the tables fails validate and only warns in import; the stored ones can be validated too', async () => {
    const ahead = join(scratchFolder(), 'ahead.yml');
    writeFileSync(ahead, 'name: ahead\ncategory: sales\ntable: shop.coming\nsql: SELECT 1\n');
    const warning = 'The table shop.coming does not exist, or you may not read it.\n';
    expect(await metrics(['validate', ahead])).toEqual({
      code: 1,
      stdout: '',
      stderr: `${ahead}:3:8: ${warning}One fault.\n`,
    });
    expect(await metrics(['validate'])).toMatchObject({ code: 0 });
    expect(await metrics(['import', ahead])).toMatchObject({ code: 0, stderr: expect.stringContaining(warning) });
    const stored = await metrics(['validate', '--json']);
    expect(stored).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(stored.stdout)).toMatchObject({
      warnings: [{ file: 'sales/ahead.yml', metricId: 'sales/ahead' }],
    });
  });

  test('what cannot be read is wrong usage, and who is no curator is told the role', async () => {
    expect(await metrics(['import', join(folder, 'none')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ENOENT'),
    });
    expect(await metrics(['import', scratchFolder()])).toMatchObject({ code: 2 });
    const refused = await metrics(['import', folder], viewerEnv);
    expect(refused).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('core.km_admin') });
  });
});

describe('da metrics list, show, export and run', () => {
  test('list is a table; a viewer sees what the tables allow', async () => {
    const { stdout } = await metrics(['list', '--search', 'all of it', '--format', 'csv'], viewerEnv);
    expect(stdout.split('\r\n')[1]).toBe('sales/total,total,sum,,monthly,shop.orders,All of it.');
    expect(JSON.parse((await metrics(['list', '--json'], viewerEnv)).stdout)).toHaveLength(1);
    expect(JSON.parse((await metrics(['list', '--json'])).stdout)).toHaveLength(2);
  });

  test('show is the file, or one JSON document', async () => {
    const { stdout } = await metrics(['show', 'sales/total']);
    expect(stdout).toMatch(/^name: total\ncategory: sales\n/);
    expect(JSON.parse((await metrics(['show', 'sales/total', '--json'])).stdout)).toMatchObject({ name: 'total' });
    const hidden = await metrics(['show', 'sales/ahead'], viewerEnv);
    expect(hidden).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('There is no metric sales/ahead'),
    });
  });

  test('an export is what an import takes without a change', async () => {
    const target = join(scratchFolder(), 'new');
    expect(await metrics(['export', target])).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(join(target, 'sales/total.yml'), 'utf8')).toBe((await metrics(['show', 'sales/total'])).stdout);
    const { stdout } = await metrics(['import', target, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  });

  test('run prints rows, cut as it is told', async () => {
    const { stdout } = await metrics(['run', 'sales/total', '--from', '2026-01-02'], viewerEnv);
    expect(stdout).toBe('day         total\n──────────  ─────\n2026-02-01     20\n');
    const words = ['--variant', 'by_channel', '--filter', 'channel=web', '--filter', 'channel=x', '--json'];
    expect(JSON.parse((await metrics(['run', 'sales/total', ...words], viewerEnv)).stdout)).toEqual([
      { channel: 'web', total: 10 },
    ]);
    expect(await metrics(['run', 'sales/total', '--limit', '1'])).toMatchObject({
      code: 0,
      stderr: 'These are the first 1 rows and there are more; raise --limit.\n',
    });
  });

  test('run tells what is wrong: 2 for the arguments, 1 for what is not there', async () => {
    expect(await metrics(['run', 'sales/total', '--variant', 'x'])).toMatchObject({ code: 2, stdout: '' });
    expect(await metrics(['run', 'sales/total', '--filter', 'channel'])).toMatchObject({ code: 2, stdout: '' });
    expect(await metrics(['run', 'sales/none'])).toMatchObject({ code: 1, stdout: '' });
  });
});
