import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remoteLimits, type RemoteLimits } from '../../../src/query/remote-order.ts';
import { RemoteReader } from '../../../src/query/remote-reader.ts';
import { createSource } from '../../../src/registry/create-source.ts';
import type { Source } from '../../../src/registry/source.ts';
import { startTestServer, type TestServer } from '../../kit/server.ts';
import { statementConnector } from '../../kit/statement-connector.ts';

const endless = 'SELECT count(*) AS n FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';
const far = statementConnector();
let server: TestServer;
let source: Source;
let folder: string;

beforeAll(async () => {
  server = await startTestServer({ connectors: [far.connector] });
  const file = join(server.files, 'far.duckdb');
  (await (await DuckDBInstance.create(file)).connect()).closeSync();
  source = await server.run(createSource, { name: 'far', connector: 'far_duckdb', config: { file } });
  folder = join(server.dataDir, 'remote-of-test');
});
afterAll(() => server.close());

function readerWith(limits: Partial<RemoteLimits>): RemoteReader {
  return new RemoteReader(server.open.services, { folder, limits: { ...remoteLimits, ...limits } });
}

function reading(statement: string, userId = 'ada') {
  return { orders: [{ name: 'r', source, statement }], userId, use: (rows: unknown) => Promise.resolve(rows) };
}

const left = () => readdirSync(folder);

test('a time limit stops a remote at its source', async () => {
  far.cancelled.length = 0;
  const outcome = await readerWith({ timeoutSeconds: 3 }).read(reading(endless));
  expect(outcome).toMatchObject({
    failure: { code: 'STATEMENT_TIMEOUT', message: expect.stringContaining('longer than 3 seconds') },
    bills: [{ name: 'r', source: 'far', rows: null, bytesBilled: null }],
  });
  expect(far.cancelled).toEqual([endless]);
  expect(left()).toEqual([]);
});

test('a limit of bytes stops a remote while it is read, not only afterwards', async () => {
  far.cancelled.length = 0;
  const random = 'SELECT uuid() AS a, uuid() AS b FROM range(30000000) r';
  const outcome = await readerWith({ bytes: 1_000_000, rows: 1e9 }).read(reading(random));
  expect(outcome).toMatchObject({ failure: { code: 'STATEMENT_TOO_LARGE' }, bills: [{ rows: null }] });
  expect(far.cancelled).toEqual([random]);
  expect(left()).toEqual([]);
});

test('a limit of bytes counts what came too fast to be stopped, and rows are counted here too', async () => {
  const few = await readerWith({ bytes: 100 }).read(reading('SELECT uuid() AS a FROM range(1000) r'));
  expect(few).toMatchObject({ failure: { code: 'STATEMENT_TOO_LARGE' }, bills: [{ name: 'r' }] });
  const rows = await readerWith({ rows: 2 }).read(reading('SELECT 1 AS a FROM range(3) r'));
  expect(rows).toMatchObject({ failure: { message: 'r: more than 2 rows' }, bills: [{ bytesBilled: '1000' }] });
});

test('one person cannot have more readings at once than allowed, nor all together', async () => {
  const reader = readerWith({ concurrent: 2, concurrentOfOne: 1 });
  const stop = new AbortController();
  const held = ['ada', 'bob'].map((userId) => reader.read({ ...reading(endless, userId), signal: stop.signal }));
  await expect(reader.read(reading('SELECT 1 AS a'))).rejects.toMatchObject({ code: 'STATEMENTS_BUSY' });
  await expect(reader.read(reading('SELECT 1 AS a', 'cyd'))).rejects.toMatchObject({ code: 'STATEMENTS_BUSY' });
  stop.abort();
  expect(await Promise.all(held)).toMatchObject([{ failure: { code: 'STATEMENT_CANCELLED' } }, {}]);
  expect(await reader.read(reading('SELECT 1 AS a'))).toMatchObject({
    result: [{ name: 'r', files: [expect.any(String)] }],
  });
  expect(left()).toEqual([]);
});

test('what a killed server left behind is removed at the next start', async () => {
  const leftover = join(server.dataDir, 'remote/some-reading/remote/data');
  mkdirSync(leftover, { recursive: true });
  writeFileSync(join(leftover, 'rows.parquet'), 'rows of somebody');
  server = await server.restart();
  expect(existsSync(leftover)).toBe(false);
});
