import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  await server.registerFile('orders', 'id\n1\n');
});

afterAll(() => server.close());

function createSource(input: Record<string, unknown>) {
  const payload = 'source { id name connector config tables { id } }';
  const given = { connector: 'files', config: { folder: server.files }, ...input };
  return mutate(server, admin, { field: 'createSource', input: given, payload });
}

function registerTable(input: Record<string, unknown>) {
  const payload =
    'table { id name source sqlName alias bucket description isPublic primaryKey queryMode columns { name } syncState { status } }';
  const given = { source: 'shop', options: { path: 'orders.csv' }, ...input };
  return mutate(server, admin, { field: 'registerTable', input: given, payload });
}

describe('createSource', () => {
  test('makes a source with one audit row', async () => {
    const result = await createSource({ name: 'crm' });
    expect(result).toEqual({
      __typename: 'CreateSourcePayload',
      source: {
        id: expect.stringMatching(/^Source:/),
        name: 'crm',
        connector: 'files',
        config: { folder: server.files },
        tables: [],
      },
    });
    expect(await newestEvent(server)).toEqual({
      actor: admin.email,
      credential: 'pat',
      action: 'source.created',
      resource: `source:${String(result.source.id).replace('Source:', '')}`,
      details: { name: 'crm', connector: 'files' },
    });
  });

  test('a folder outside the allowed roots is refused with a sentence, and no row is made', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-outside-')));
    const before = await eventCount(server);
    try {
      const result = await createSource({ name: 'outside', config: { folder: outside } });
      const message = `The folder ${outside} is not at or below an allowed root; choose another, or add its root to FILES_ALLOWED_ROOTS.`;
      expect(result).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path: 'config', message }] });
      const { data } = await ask(server, { as: admin, query: '{ sources { name } }' });
      expect(data.sources.map(({ name }: { name: string }) => name)).not.toContain('outside');
      expect(await server.open.services.store.db.selectFrom('sources').select('name').execute()).not.toContainEqual({
        name: 'outside',
      });
      expect(await eventCount(server)).toBe(before);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  test.each([
    'main',
    'temp',
    'system',
    'memory',
    'pg_catalog',
    'information_schema',
    'Shop',
    '1shop',
    'a-b',
    'a.b',
    '',
    'x'.repeat(65),
  ])('the name %j is refused', async (name) => {
    expect(await createSource({ name })).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path: 'name' }] });
  });

  test('a taken name is a conflict, also of several at the same instant', async () => {
    const taken = { __typename: 'ConflictError', message: 'There is a source called shop already.' };
    expect(await createSource({ name: 'shop' })).toMatchObject(taken);
    const results = await Promise.all(['twin', 'twin', 'twin'].map((name) => createSource({ name })));
    expect(results.map(({ __typename }) => String(__typename)).toSorted()).toEqual([
      'ConflictError',
      'ConflictError',
      'CreateSourcePayload',
    ]);
  });

  test('an unknown connector, and options it does not know, are refused with their path', async () => {
    expect(await createSource({ name: 'x', connector: 'nothing' })).toMatchObject({
      fields: [{ path: 'connector', message: 'There is no connector "nothing"; there are: bigquery, extract, files, jira, keboola.' }],
    });
    expect(await createSource({ name: 'x', config: { folder: server.files, depth: 1 } })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ path: 'config', message: expect.stringContaining('depth') }],
    });
    expect(await createSource({ name: 'x', config: { folder: 'relative' } })).toMatchObject({
      fields: [{ path: 'config.folder', message: 'must be an absolute path' }],
    });
    for (const config of [[], 'text', 1, null]) {
      const result = await createSource({ name: 'x', config }).catch((error: unknown) => ({
        __typename: String(error),
      }));
      expect(result.__typename).toMatch(/^InvalidInputError$|BAD_USER_INPUT/);
    }
  });
});

describe('registerTable', () => {
  test('registers a private table under the name of its source, with one audit row', async () => {
    const before = await eventCount(server);
    const result = await registerTable({ name: 'plain' });
    expect(result).toEqual({
      __typename: 'RegisterTablePayload',
      table: {
        id: expect.stringMatching(/^Table:/),
        name: 'plain',
        source: 'shop',
        sqlName: 'shop.plain',
        alias: null,
        bucket: null,
        description: null,
        isPublic: false,
        primaryKey: [],
        queryMode: 'LOCAL',
        columns: [],
        syncState: { status: 'NEVER' },
      },
    });
    expect(await newestEvent(server)).toEqual({
      actor: admin.email,
      credential: 'pat',
      action: 'table.registered',
      resource: `table:${String(result.table.id).replace('Table:', '')}`,
      details: { sqlName: 'shop.plain', source: 'shop', isPublic: false },
    });
    expect(await eventCount(server)).toBe(before + 1);
  });

  test.each(['main', 'temp', 'system', 'memory', 'pg_catalog', 'information_schema'])(
    'the schema %s is refused in an SQL name',
    async (schemaName) => {
      const result = await registerTable({ name: 'reserved', sqlName: `${schemaName}.orders` });
      expect(result).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path: 'sqlName' }] });
    },
  );

  test.each(['orders', 'a.b.c', 'Shop.orders', 'shop.', '.orders', 'shop.or ders', 'shop."orders"'])(
    'the SQL name %j is refused',
    async (sqlName) => {
      const result = await registerTable({ name: 'odd', sqlName });
      expect(result).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path: 'sqlName' }] });
    },
  );

  test('taken names are conflicts', async () => {
    await registerTable({ name: 'first', sqlName: 'sales.first', alias: 'first_alias' });
    const conflict = { __typename: 'ConflictError', code: 'CONFLICT' };
    expect(await registerTable({ name: 'first' })).toMatchObject(conflict);
    expect(await registerTable({ name: 'second', sqlName: 'sales.first' })).toMatchObject(conflict);
    expect(await registerTable({ name: 'second', alias: 'first_alias' })).toMatchObject(conflict);
  });

  test('an alias is not the first part of any name, whichever of the two came first', async () => {
    const refused = {
      __typename: 'ConflictError',
      message: 'shop is the first part of SQL names; choose another alias.',
    };
    expect(await registerTable({ name: 'third', alias: 'shop' })).toMatchObject(refused);
    await registerTable({ name: 'third', alias: 'later' });
    expect(await createSource({ name: 'later' })).toMatchObject({ __typename: 'ConflictError' });
  });

  test('options that the connector does not know are refused with their path', async () => {
    expect(
      await registerTable({ name: 'wrong', options: { path: '/etc/passwd', types: { id: 'NOTHING' } } }),
    ).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [
        { path: 'options.path', message: 'must be relative to the folder of the source' },
        { path: 'options.types.id', message: expect.stringContaining('must be one of') },
      ],
    });
    expect(await registerTable({ name: 'wrong', options: { path: 'orders.csv', nothing: 1 } })).toMatchObject({
      fields: [{ path: 'options', message: expect.stringContaining('nothing') }],
    });
  });

  test('an unknown source is not found', async () => {
    expect(await registerTable({ source: 'nothing', name: 'x' })).toMatchObject({ __typename: 'NotFoundError' });
  });
});

test('sources whose folder is the same do not share tables', async () => {
  mkdirSync(join(server.files, 'sub'), { recursive: true });
  await createSource({ name: 'second', config: { folder: join(server.files, 'sub') } });
  const result = await registerTable({ source: 'second', name: 'orders' });
  expect(result.table).toMatchObject({ sqlName: 'second.orders', source: 'second' });
});
