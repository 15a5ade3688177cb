import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { deleteRoleGrant } from '../../../src/access/role-grant.store.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { deleteSource } from '../../../src/sync/delete-source.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { updateSource } from '../../../src/sync/update-source.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

describeServersOnBoth((server) => {
  let admin: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    await server().registerFile('orders', 'id\n1\n');
  });

  function change(field: string, input: Record<string, unknown>, payload: string) {
    return mutate(server(), admin, { field, input, payload });
  }

  function sourceId(name: string): string {
    return `Source:${server().open.services.registry.sourceByName(name)?.id}`;
  }

  async function newSource(name: string, files: readonly string[]): Promise<string> {
    const folder = join(server().files, name);
    mkdirSync(folder);
    for (const file of files) writeFileSync(join(folder, file), 'id\n1\n');
    await change('createSource', { name, connector: 'files', config: { folder } }, 'source { id }');
    return folder;
  }

  describe('discoverTables and registerTables', () => {
    const query =
      'query ($source: String!) { discoverTables(source: $source) { name options registered { sqlName } } }';

    function discover(source: string, as = admin) {
      return ask(server(), { as, query, variables: { source } });
    }

    function register(source: string, tables: Record<string, unknown>[]) {
      return change('registerTables', { source, tables }, 'tables { sqlName isPublic }');
    }

    test('what a source offers is told with what is registered, and registered as one with one audit row', async () => {
      await newSource('crm', ['a.csv', 'b.csv', 'c.csv']);
      await register('crm', [{ name: 'b', options: { path: 'a.csv', delimiter: ';' } }]);
      const { data } = await discover('crm');
      expect(data.discoverTables).toEqual([
        { name: 'b', options: { path: 'a.csv' }, registered: [{ sqlName: 'crm.b' }] },
        { name: 'b_2', options: { path: 'b.csv' }, registered: [] },
        { name: 'c', options: { path: 'c.csv' }, registered: [] },
      ]);
      const before = await eventCount(server());
      const offered = data.discoverTables.slice(1) as { name: string; options: object }[];
      const tables = offered.map(({ name, options }) => ({ name, options }));
      expect(await register('crm', tables)).toMatchObject({
        tables: [
          { sqlName: 'crm.b_2', isPublic: false },
          { sqlName: 'crm.c', isPublic: false },
        ],
      });
      expect(await newestEvent(server())).toMatchObject({
        action: 'tables.registered',
        resource: sourceId('crm').toLowerCase(),
        details: { source: 'crm', tables: [{ sqlName: 'crm.b_2' }, { sqlName: 'crm.c' }] },
      });
      expect(await eventCount(server())).toBe(before + 1);
    });

    test('of many with faults none is registered, and every fault is told with its place', async () => {
      const before = server().open.services.registry.tables();
      const options = { path: 'a.csv' };
      const inRange = await register('crm', [
        { name: 'new', options },
        { name: 'b', options },
        { name: 'new', options, alias: 'shop' },
        { name: 'worse', options: { path: '/etc/passwd' } },
      ]);
      expect(inRange.fields.map(({ path }: { path: string }) => path)).toEqual([
        'tables.1.name',
        'tables.1.sqlName',
        'tables.2.name',
        'tables.2.sqlName',
        'tables.2.alias',
        'tables.3.options.path',
      ]);
      expect((await register('crm', [{ name: 'No Name', options }])).fields).toMatchObject([{ path: 'tables.0.name' }]);
      expect((await register('crm', [])).fields).toMatchObject([{ path: 'tables' }]);
      const many = Array.from({ length: 1001 }, (_, index) => ({ name: `t${index}`, options }));
      expect((await register('crm', many)).fields).toMatchObject([{ path: 'tables' }]);
      expect(await register('nothing', [{ name: 'x', options }])).toMatchObject({ __typename: 'NotFoundError' });
      expect(server().open.services.registry.tables()).toEqual(before);
      expect((await register('crm', many.slice(1))).tables).toHaveLength(1000);
    });

    test('a source that cannot be asked is one sentence with a code; one that is not there is null', async () => {
      const folder = await newSource('lost', []);
      const { store } = server().open.services;
      const source = server().open.services.registry.sourceByName('lost')!;
      await store.write(async (tx) => {
        tx.emit('source', { op: 'put', row: { ...source, config: { folder: `${folder}/gone` } } });
      });
      const { errors, data } = await discover('lost');
      expect([data.discoverTables, errors?.[0]?.extensions]).toEqual([null, { code: 'DISCOVERY_FAILED' }]);
      expect(errors?.[0]?.message).toContain('does not exist');
      expect((await discover('nothing')).data).toEqual({ discoverTables: null });
    });
  });

  describe('updateSource', () => {
    test('is checked by the connector like a new one, and audited with before and after', async () => {
      const folder = await newSource('moved', []);
      const id = sourceId('moved');
      const outside = await change('updateSource', { id, config: { folder: '/' } }, 'source { config }');
      expect(outside).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path: 'config' }] });
      const config = { folder: server().files };
      expect(await change('updateSource', { id, config }, 'source { name config }')).toEqual({
        __typename: 'UpdateSourcePayload',
        source: { name: 'moved', config },
      });
      expect(await newestEvent(server())).toMatchObject({
        action: 'source.updated',
        details: { name: 'moved', before: { folder }, after: config },
      });
      const { data } = await ask(server(), {
        as: admin,
        query: '{ source(name: "moved") { config } other: source(name: "none") { id } }',
      });
      expect(data).toEqual({ source: { config }, other: null });
      const row = await server()
        .open.services.store.db.selectFrom('sources')
        .select('config')
        .where('name', '=', 'moved')
        .executeTakeFirst();
      expect(JSON.parse(row!.config)).toEqual(config);
      expect(await change('updateSource', { id: 'Source:none', config }, 'source { id }')).toMatchObject({
        __typename: 'NotFoundError',
      });
    });
  });

  describe('deleteSource', () => {
    const payload = 'name removed { tables tableGrants files }';

    test('with tables it is refused with what would be lost, and goes when asked', async () => {
      const table = await server().registerFile('paid', 'id\n1\n');
      await server().sync();
      await server().run(grantTableAccess, { tableId: table.id, userId: admin.id });
      const id = sourceId('shop');
      const query = `mutation { deleteSource(input: { id: "${id}" }) { ... on SourceHasTablesError {
        code message tables { sqlName } wouldRemove { tables tableGrants files } } } }`;
      const before = await eventCount(server());
      expect((await ask(server(), { as: admin, query })).data.deleteSource).toEqual({
        code: 'SOURCE_HAS_TABLES',
        message: 'The source shop has 2 tables; unregister them first, or ask to remove them along with it.',
        tables: [{ sqlName: 'shop.orders' }, { sqlName: 'shop.paid' }],
        wouldRemove: { tables: 2, tableGrants: 1, files: 2 },
      });
      expect(await eventCount(server())).toBe(before);
      const removed = { tables: 2, tableGrants: 1, files: 2 };
      const counted = '{ tables tableGrants files }';
      const told = `{
        source: sourceRemoval(id: "${id}") ${counted} table: tableRemoval(id: "Table:${table.id}") ${counted}
        none: sourceRemoval(id: "Source:none") ${counted} other: tableRemoval(id: "${id}") ${counted} }`;
      expect((await ask(server(), { as: admin, query: told })).data).toEqual({
        source: removed,
        table: { tables: 1, tableGrants: 1, files: 1 },
        none: null,
        other: null,
      });
      expect(await change('deleteSource', { id, removeTables: true }, payload)).toMatchObject({
        name: 'shop',
        removed,
      });
      expect(await newestEvent(server())).toMatchObject({
        action: 'source.deleted',
        details: { name: 'shop', connector: 'files', sqlNames: ['shop.orders', 'shop.paid'], removed },
      });
      expect(await change('deleteSource', { id }, payload)).toMatchObject({ __typename: 'NotFoundError' });
      await server().registerFile('orders', 'id\n1\n');
      expect(server().open.services.registry.sourceByName('shop')?.id).not.toBe(id.replace('Source:', ''));
    });

    test('it and a change are refused while a run of the source is on its way', async () => {
      const source = server().open.services.registry.sourceByName('shop')!;
      const [, deleted] = await Promise.allSettled([
        server().run(startSync, { source: 'shop' }),
        server().run(deleteSource, { id: source.id, removeTables: true }),
      ]);
      expect(deleted).toMatchObject({ reason: { code: 'CONFLICT' } });
      await server().open.syncRunner.idle();
      const { store } = server().open.services;
      const setState = (state: 'running' | 'succeeded') =>
        store.write((tx) => tx.db.updateTable('sync_runs').set({ state }).where('source_id', '=', source.id).execute());
      await setState('running');
      const updated = server().run(updateSource, { id: source.id, config: source.config });
      await expect(updated).rejects.toMatchObject({ code: 'CONFLICT' });
      await setState('succeeded');
      expect(await server().run(updateSource, { id: source.id, config: source.config })).toEqual(source);
    });
  });

  test.each([
    ['updateTable', 'id: "Table:1"'],
    ['unregisterTable', 'id: "Table:1"'],
    ['registerTables', 'source: "shop", tables: []'],
    ['updateSource', 'id: "Source:1", config: {}'],
    ['deleteSource', 'id: "Source:1"'],
  ])('who has just lost the role cannot %s', async (field, input) => {
    const person = await server().person(`late-${field.toLowerCase()}`, ['core.admin']);
    const query = `mutation { ${field}(input: { ${input} }) { __typename } }`;
    expect((await ask(server(), { as: person, query })).errors).toBeUndefined();
    const [grant] = server().open.services.accessIndex.grantsOf(person.id);
    await server().open.services.store.write((tx) => deleteRoleGrant(tx, grant!));
    const reads =
      '{ source(name: "shop") { id } discoverTables(source: "shop") { name } table(sqlName: "shop.orders") { id } }';
    for (const lost of [query, reads]) {
      const { errors } = await ask(server(), { as: person, query: lost });
      expect(new Set(errors?.map(({ extensions }) => extensions['code']))).toEqual(new Set(['FORBIDDEN']));
    }
  });

  describe('U+0000, which PostgreSQL cannot store, is refused in whatever text before it gets there', () => {
    const nul = 'a\0b';
    const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');

    test.each([
      ['query ($text: String!) { users(search: $text) { edges { cursor } } }', { text: nul }],
      ['query ($text: String!) { user(email: $text) { id } }', { text: nul }],
      ['query ($text: ID!) { user(id: $text) { id } }', { text: `User:${nul}` }],
      ['query ($text: ID!) { node(id: $text) { id } }', { text: `SyncRun:${nul}` }],
      ['query ($text: [ID!]!) { nodes(ids: $text) { id } }', { text: [`AuditEvent:${nul}`] }],
      ['query ($text: String!) { tables(search: $text) { totalCount } }', { text: nul }],
      ['query ($text: String!) { users(after: $text) { edges { cursor } } }', { text: cursor(nul) }],
      [
        'query ($text: String!) { auditEvents(after: $text) { edges { cursor } } }',
        { text: cursor({ at: 1, id: nul }) },
      ],
      [
        'mutation ($text: String!) { createUser(input: { email: "x@example.com", name: $text }) { __typename } }',
        { text: nul },
      ],
      [
        'mutation ($text: JSON!) { registerTable(input: { source: "shop", name: "x", options: $text }) { __typename } }',
        { text: { path: [{ [nul]: 1 }] } },
      ],
      ['mutation { updateTable(input: { id: "Table:1", description: "\\u0000" }) { __typename } }', {}],
    ])('%s', async (query, variables) => {
      const { errors } = await ask(server(), { as: admin, query, variables });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions['code']).toMatch(/^(BAD_USER_INPUT|INVALID_INPUT)$/);
    });

    test('an operation that is not called through GraphQL refuses it too', async () => {
      const refused = server().run(updateSource, { id: 'x', config: { folder: [nul] } });
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'config.folder.0' }] });
    });
  });
});
