import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { change, completeSetup, lastRunEnded, sqlRows } from '../programs/first-steps.ts';
import { addressOf, freePort, setupSecretOf, startProgram, type Program } from '../programs/program.ts';
import { KeboolaStandIn, type StandInTable } from './keboola-stand-in.ts';

const statement = "SELECT string_agg(text, ' ' ORDER BY id) FROM crm.orders";
const basetype = [{ key: 'KBC.datatype.basetype', value: 'INTEGER', provider: 'user' }];
const orders: StandInTable = {
  id: 'in.c-crm.orders',
  columns: ['id', 'text'],
  rows: [],
  primaryKey: ['id'],
  columnMetadata: { id: basetype },
};

let standIn: KeboolaStandIn;

beforeAll(async () => {
  standIn = await KeboolaStandIn.start();
  standIn.slices = 2;
  standIn.polls = 0;
});
afterAll(() => standIn.close());

/** Puts the rows at Keboola, imported at this hour. */
function put(hour: number, rows: string[][]): void {
  const at = `2026-01-01T${hour}:00:00+0100`;
  const imported = rows.map(() => Date.parse(at) / 1000);
  standIn.put({ ...orders, rows, imported, lastImportDate: at, lastChangeDate: at });
}

/** Resolves once Keboola is asked for what fits, which it never answers from then on. */
function stuckAt(pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    standIn.fault = ({ method, path }) => {
      if (!pattern.test(`${method} ${path}`)) return undefined;
      resolve();
      return 'silence';
    };
  });
}

/** Files of runs that lie below the folder of the extracts and are no part of a table. */
function stagedFiles(dataDir: string): string[] {
  const folder = join(dataDir, 'extracts/crm');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((path) => /scratch|whole|slice|manifest|rows\.csv/.test(path));
}

test('a kill while Keboola exports, and one in the middle of a download, keep the last rows; the next run goes on from there and leaves no file', async () => {
  const dataDir = scratchFolder();
  const environment = {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
    KEBOOLA_STORAGE_TOKEN: standIn.token,
  };
  let server: Program = startProgram('server', environment);
  const url = await addressOf(server);
  const as = await completeSetup(url, await setupSecretOf(server));
  const source = { name: 'crm', connector: 'keboola', config: { stackUrl: standIn.url } };
  await change(url, { as, mutation: 'createSource', input: source, selection: 'source { id }' });
  const options = { table: orders.id, mode: 'incremental' };
  const input = { source: 'crm', name: 'orders', isPublic: true, options };
  await change(url, { as, mutation: 'registerTable', input, selection: 'table { id }' });
  const startSync = () => change(url, { as, mutation: 'startSync', input: { source: 'crm' }, selection: 'run { id }' });
  const rows = async () => (await sqlRows(url, { as, statement }))[0]![0];

  put(10, [
    ['1', 'a'],
    ['2', 'b'],
  ]);
  await startSync();
  expect(await lastRunEnded(url, as)).toMatchObject({ state: 'SUCCEEDED' });

  put(11, [
    ['2', 'B'],
    ['3', 'c'],
  ]);
  for (const place of [/GET .*\/jobs\//, /GET \/export\/\d+\/1/]) {
    const stuck = stuckAt(place);
    await startSync();
    await stuck;
    if (place.source.includes('export')) await expect.poll(() => stagedFiles(dataDir).length).toBeGreaterThan(1);
    server.signal('SIGKILL');
    expect(await server.ended).toBe('SIGKILL');
    standIn.fault = () => undefined;
    server = startProgram('server', environment);
    await addressOf(server);
    expect(await lastRunEnded(url, as)).toMatchObject({
      state: 'FAILED',
      error: expect.stringMatching(/stopped/),
      tables: [{ state: 'FAILED' }],
    });
    expect(await rows()).toBe('a b');
  }

  standIn.requests.length = 0;
  await startSync();
  expect(await lastRunEnded(url, as)).toMatchObject({ state: 'SUCCEEDED' });
  expect(await rows()).toBe('a B c');
  const changedSince = String(Date.parse('2026-01-01T10:00:00+0100') / 1000);
  expect(standIn.asked(/export-async/).map(({ body }) => JSON.parse(body))).toMatchObject([{ changedSince }]);
  expect(stagedFiles(dataDir)).toEqual([]);
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
}, 60_000);
