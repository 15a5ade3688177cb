import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExtractResult } from '../../connectors/contract.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import { updateTable } from '../../src/registry/update-table.ts';
import type { Table } from '../../src/registry/table.ts';
import { listSyncRuns } from '../../src/sync/read-sync-runs.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { Ledger } from './ledger.ts';

const ledger = new Ledger();
let server: TestServer;
let admin: TestPerson;
let table: Table;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ connectors: [ledger.connector] });
  admin = await server.person('admin', ['core.admin']);
  await server.run(createSource, { name: 'ledger', connector: 'ledger', config: {} });
});

afterAll(() => server.close());

async function register(primaryKey: string[]): Promise<void> {
  count += 1;
  table = await server.run(registerTable, { source: 'ledger', name: `entries_${count}`, primaryKey, options: {} });
}

beforeEach(() => register(['id']));

interface Delivery {
  files?: string[];
  partitions?: Record<string, string[] | null>;
  fullRefresh?: boolean;
}

/** Syncs the table, which delivers and answers this; resolves to the cursor it was handed and how the run ended. */
async function sync(answer: ExtractResult, { fullRefresh = false, ...delivered }: Delivery = {}) {
  let cursor: string | undefined;
  ledger.script(table.name, (asked) => {
    cursor = asked.cursor;
    return { ...delivered, answer };
  });
  await server.run(startSync, { source: 'ledger', tables: [table.id], fullRefresh });
  await server.open.syncRunner.idle();
  const [run] = await listSyncRuns(server.open.services, { limit: 1 });
  return { cursor, state: run!.state };
}

async function rows(select = 'id, text'): Promise<string[]> {
  const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
  const statement = `SELECT ${select} FROM ${table.sqlName} ORDER BY ALL`;
  const { data, errors } = await ask(server, { as: admin, query, variables: { statement } });
  expect(errors).toBeUndefined();
  return data.sql.rows.map((row: unknown[]) => row.join(' '));
}

const state = () => server.open.services.generations.state(table.id)!;
const partitions = () => state().files.map(({ partition, rows: held }) => `${partition} ${held}`);

describe('a cursor', () => {
  test('is handed to the next extraction, also after a restart', async () => {
    expect(await sync({ cursor: 'a' }, { files: ['id,text\n1,a\n'] })).toEqual({
      cursor: undefined,
      state: 'succeeded',
    });
    server = await server.restart();
    expect(await sync({ cursor: 'b', joins: 'append' })).toEqual({ cursor: 'a', state: 'succeeded' });
    expect(await sync({ cursor: 'c', joins: 'append' })).toEqual({ cursor: 'b', state: 'succeeded' });
  });

  test('of a sync that failed does not count', async () => {
    await sync({ cursor: 'a' }, { files: ['id,text\n1,a\n'] });
    expect(await sync({ cursor: 'b' }, { files: ['id,text\n1,a,surplus\n'] })).toEqual({
      cursor: 'a',
      state: 'failed',
    });
    expect((await sync({ cursor: 'c', joins: 'append' })).cursor).toBe('a');
  });

  test.each([
    ['in a full refresh', true, () => {}],
    ['when a file of the table is gone', false, () => rmSync(state().files[0]!.path, { force: true })],
    ['when its primary key has changed', false, () => server.run(updateTable, { id: table.id, primaryKey: ['text'] })],
  ])('is not handed over %s: the table begins empty, whatever is answered', async (_when, fullRefresh, change) => {
    await sync({ cursor: 'a' }, { files: ['id,text\n1,a\n'] });
    await change();
    const again = await sync({ cursor: 'b', joins: 'merge' }, { files: ['id,text\n2,b\n'], fullRefresh });
    expect(again).toEqual({ cursor: undefined, state: 'succeeded' });
    expect(await rows()).toEqual(['2 b']);
  });

  test('that is not text fails the table in a sentence', async () => {
    await sync({ cursor: 5 } as never, { files: ['id,text\n1,a\n'] });
    expect(state().error).toMatch(/^The connector ledger answered an extraction wrongly \(cursor: .*\); mend it\.$/);
  });
});

describe('merge', () => {
  test('lets rows whose primary key comes again take the place of what is here; the row written last counts', async () => {
    await sync({ cursor: 'a', joins: 'merge' }, { files: ['id,text\n1,x\n2,b\n1,a\n'] });
    expect(await rows()).toEqual(['1 a', '2 b']);
    const again = Array.from({ length: 12 }, (_, index) => `id,text\n2,B${index}\n3,c${index}\n`);
    await sync({ cursor: 'b', joins: 'merge' }, { files: again });
    expect(await rows()).toEqual(['1 a', '2 B11', '3 c11']);
    expect(state()).toMatchObject({ rows: 3, status: 'ok' });
  });

  test('takes the key that the connector names where the table has none, and without any fails', async () => {
    await register([]);
    await sync({ cursor: 'a' }, { files: ['id,text\n1,a\n'] });
    await sync({ cursor: 'b', joins: 'merge', primaryKey: ['id'] }, { files: ['id,text\n1,A\n'] });
    expect(await rows()).toEqual(['1 A']);
    await sync({ cursor: 'c', joins: 'merge' }, { files: ['id,text\n1,B\n'] });
    expect(state().error).toMatch(
      /has no primary key, by which changed rows find those that they replace; give it one\.$/,
    );
    expect(await rows()).toEqual(['1 A']);
  });
});

test('append adds rows as they are, and nothing written changes nothing', async () => {
  await sync({ cursor: 'a', joins: 'append' }, { files: ['id,text\n1,a\n'] });
  await sync({ cursor: 'b', joins: 'append' }, { files: ['id,text\n1,b\n'] });
  const [held, generation] = [state(), server.open.services.generations.current()];
  await sync({ cursor: 'c', joins: 'append' });
  expect(await rows()).toEqual(['1 a', '1 b']);
  expect(state().files).toEqual(held.files);
  expect(server.open.services.generations.current()).toBe(generation);
  expect(state().cursor?.value).toBe('c');
});

test('replace takes the place of all, also with a cursor', async () => {
  await sync({ cursor: 'a' }, { files: ['id,text\n1,a\n'] });
  expect(await sync({ cursor: 'b', joins: 'replace' }, { files: ['id,text\n2,b\n'] })).toMatchObject({ cursor: 'a' });
  expect(await rows()).toEqual(['2 b']);
  await sync({ cursor: 'c', joins: 'replace' });
  expect(state().error).toMatch(/^The source delivered no file for the table entries_/);
});

describe('partitions', () => {
  const joins = 'partitions';
  const january = ['id,text\n1,a\n', 'id,text\n2,b\n'];

  test('that were named are replaced as a whole; the others keep their files', async () => {
    await sync({ cursor: 'a', joins }, { partitions: { '2026-02': ['id,text\n3,c\n'], '2026-01': january } });
    expect(partitions()).toEqual(['2026-01 1', '2026-01 1', '2026-02 1']);
    const before = state().files;
    await sync({ cursor: 'b', joins }, { partitions: { '2026-02': ['id,text\n3,C\n4,d\n'] } });
    expect(await rows()).toEqual(['1 a', '2 b', '3 C', '4 d']);
    expect(state().files.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(state()).toMatchObject({ rows: 4 });
    const generation = server.open.services.generations.current();
    await sync({ cursor: 'c', joins }, { partitions: { '2026-01': january } });
    expect(server.open.services.generations.current()).toBe(generation);
  });

  test('that are dropped or come without rows are gone; the table keeps its columns without any', async () => {
    const all = { '2026-01': january, '2026-02': ['id,text\n3,c\n'], '2026-03': ['id,text\n4,d\n'] };
    await sync({ cursor: 'a', joins }, { partitions: all });
    await sync({ cursor: 'b', joins }, { partitions: { '2026-01': null, '2026-02': ['id,text\n'], '2025-01': null } });
    expect(partitions()).toEqual(['2026-03 1']);
    await sync({ cursor: 'c', joins }, { partitions: { '2026-03': [] } });
    expect(await rows()).toEqual([]);
    await sync({ cursor: 'd', joins }, { partitions: { '2026-04': ['id,text\n5,e\n'] } });
    expect(await rows()).toEqual(['5 e']);
  });

  test('have one type for a column: a whole number becomes wider, any other change fails the table', async () => {
    await sync({ cursor: 'a', joins }, { partitions: { a: january } });
    await sync({ cursor: 'b', joins }, { partitions: { b: ['id,text\n1.5,a\n'] } });
    expect(state().error).toMatch(/^The column "id" is DOUBLE in .*, but BIGINT in the partitions that are here; /);
    expect(await rows()).toEqual(['1 a', '2 b']);
  });

  test('do not mix with rows that are divided otherwise', async () => {
    await sync({ cursor: 'a' }, { files: january });
    await sync({ cursor: 'b', joins }, { partitions: { a: january } });
    expect(state().error).toMatch(/is divided otherwise than its rows came now; sync it with a full refresh\.$/);
  });

  test.each(['a/b', '', '../x', 'x'.repeat(129)])('cannot be called %j', async (name) => {
    expect((await sync({ cursor: 'a', joins }, { partitions: { [name]: january } })).state).toBe('failed');
  });

  test('show in the API which file holds which', async () => {
    await sync({ cursor: 'a', joins }, { partitions: { '2026-01': january } });
    const query = 'query ($name: String!) { table(sqlName: $name) { files { partition } } }';
    const { data } = await ask(server, { as: admin, query, variables: { name: table.sqlName } });
    expect(data.table.files).toEqual([{ partition: '2026-01' }, { partition: '2026-01' }]);
  });
});
