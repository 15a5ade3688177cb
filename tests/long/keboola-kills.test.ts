import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { change, completeSetup, sqlRows, syncRuns } from '../programs/first-steps.ts';
import { addressOf, freePort, setupSecretOf, startProgram, type Program } from '../programs/program.ts';
import { KeboolaStandIn, type StandInTable } from '../connectors/keboola-stand-in.ts';

const patience = { timeout: 20_000, interval: 20 };
const basetype = [{ key: 'KBC.datatype.basetype', value: 'INTEGER', provider: 'user' }];
const orders: StandInTable = {
  id: 'in.c-crm.orders',
  columns: ['id', 'text'],
  rows: [],
  primaryKey: ['id'],
  columnMetadata: { id: basetype },
};

/** One project at Keboola, which the source of this name reads. */
interface Project {
  readonly source: string;
  readonly standIn: KeboolaStandIn;
  /** Where its next run is stuck when the server is killed. */
  readonly place: RegExp;
}

let projects: Project[];

beforeAll(async () => {
  const places = { exporting: /GET .*\/jobs\//, downloading: /GET \/export\/\d+\/1/ };
  projects = await Promise.all(
    Object.entries(places).map(async ([source, place]) => ({ source, place, standIn: await KeboolaStandIn.start() })),
  );
  for (const { standIn } of projects) Object.assign(standIn, { slices: 2, polls: 0 });
});
afterAll(() => Promise.all(projects.map(({ standIn }) => standIn.close())));

/** Puts the rows into both projects, imported at this hour. */
function put(hour: number, rows: string[][]): void {
  const at = `2026-01-01T${hour}:00:00+0100`;
  const imported = rows.map(() => Date.parse(at) / 1000);
  for (const { standIn } of projects)
    standIn.put({ ...orders, rows, imported, lastImportDate: at, lastChangeDate: at });
}

/** Resolves once Keboola is asked for what the project gets stuck at, which it never answers from then on. */
function stuck({ standIn, place }: Project): Promise<void> {
  return new Promise((resolve) => {
    standIn.fault = ({ method, path }) => {
      if (!place.test(`${method} ${path}`)) return undefined;
      resolve();
      return 'silence';
    };
  });
}

/** Files of runs that lie below the folder of the extracts and are no part of a table. */
function stagedFiles(dataDir: string): string[] {
  const folder = join(dataDir, 'extracts');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((path) => /scratch|whole|slice|manifest|rows\.csv/.test(path));
}

test('a kill while Keboola exports, and in the middle of a download, keeps the last rows; the next run goes on from there and leaves no file', async () => {
  const dataDir = scratchFolder();
  const environment = {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
    KEBOOLA_STORAGE_TOKEN: projects[0]!.standIn.token,
  };
  let server: Program = startProgram('server', environment);
  const url = await addressOf(server);
  const as = await completeSetup(url, await setupSecretOf(server));
  for (const { source, standIn } of projects) {
    const input = { name: source, connector: 'keboola', config: { stackUrl: standIn.url } };
    await change(url, { as, mutation: 'createSource', input, selection: 'source { id }' });
    const options = { table: orders.id, mode: 'incremental' };
    const table = { source, name: 'orders', isPublic: true, options };
    await change(url, { as, mutation: 'registerTable', input: table, selection: 'table { id }' });
  }
  const startSyncs = async () => {
    for (const { source } of projects)
      await change(url, { as, mutation: 'startSync', input: { source }, selection: 'run { id }' });
  };
  const ended = async () => {
    await expect
      .poll(async () => (await syncRuns(url, as)).every(({ state }) => !/QUEUED|RUNNING/.test(state)), patience)
      .toBe(true);
    return (await syncRuns(url, as)).slice(0, projects.length);
  };
  const rows = async () => {
    const texts = projects.map(({ source }) => `(SELECT string_agg(text, ' ' ORDER BY id) FROM ${source}.orders)`);
    return (await sqlRows(url, { as, statement: `SELECT ${texts.join(', ')}` }))[0];
  };

  put(10, [
    ['1', 'a'],
    ['2', 'b'],
  ]);
  await startSyncs();
  expect(await ended()).toMatchObject([{ state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }]);

  put(11, [
    ['2', 'B'],
    ['3', 'c'],
  ]);
  const bothStuck = Promise.all(projects.map(stuck));
  await startSyncs();
  await bothStuck;
  await expect.poll(() => stagedFiles(dataDir).length, patience).toBeGreaterThan(1);
  server.signal('SIGKILL');
  expect(await server.ended).toBe('SIGKILL');
  for (const { standIn } of projects) standIn.fault = () => undefined;
  server = startProgram('server', environment);
  await addressOf(server);
  const cutOff = { state: 'FAILED', error: expect.stringMatching(/stopped/), tables: [{ state: 'FAILED' }] };
  expect(await ended()).toMatchObject([cutOff, cutOff]);
  expect(await rows()).toEqual(['a b', 'a b']);

  for (const { standIn } of projects) standIn.requests.length = 0;
  await startSyncs();
  expect(await ended()).toMatchObject([{ state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }]);
  expect(await rows()).toEqual(['a B c', 'a B c']);
  const changedSince = String(Date.parse('2026-01-01T10:00:00+0100') / 1000);
  for (const { standIn } of projects)
    expect(standIn.asked(/export-async/).map(({ body }) => JSON.parse(body))).toMatchObject([{ changedSince }]);
  expect(stagedFiles(dataDir)).toEqual([]);
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
}, 60_000);
