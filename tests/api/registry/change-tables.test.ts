import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectTables } from '../../../src/registry/table.store.ts';
import type { Table } from '../../../src/registry/table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { unregisterTable } from '../../../src/sync/unregister-table.ts';
import { ask, type TestPerson, type TestServer } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

describeServersOnBoth((server) => {
  let admin: TestPerson;
  let ada: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    ada = await server().person('ada', ['core.viewer']);
    for (const name of ['orders', 'people', 'gone', 'spare']) await server().registerFile(name, 'id\n1\n2\n');
    await server().sync();
    for (const name of ['orders', 'people', 'gone']) await letRead(ada, tableNamed(server(), name));
  });

  function letRead(person: TestPerson, table: Table) {
    return server().run(grantTableAccess, { tableId: table.id, userId: person.id });
  }

  function update(id: string, input: Record<string, unknown>) {
    const payload = `optionsChanged table { id sqlName alias bucket description isPublic primaryKey options }`;
    return mutate(server(), admin, { field: 'updateTable', input: { id: `Table:${id}`, ...input }, payload });
  }

  /** The first value, or the error's message. */
  async function read(statement: string, as = ada): Promise<unknown> {
    const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
    const { data, errors } = await ask(server(), { as, query, variables: { statement } });
    return errors?.[0]?.message ?? data.sql.rows[0][0];
  }

  /** What is stored equals what is in memory. */
  async function stored(id: string): Promise<Table | undefined> {
    const { store, registry } = server().open.services;
    const row = (await selectTables(store.db)).find((table) => table.id === id);
    expect(registry.table(id)).toEqual(row ?? null);
    return row;
  }

  describe('updateTable', () => {
    test('keeps what is left out, clears by null, and audits what changed before and after', async () => {
      const { id } = tableNamed(server(), 'orders');
      const given = { alias: 'all_orders', bucket: 'sales', description: 'Orders', isPublic: true, primaryKey: ['id'] };
      expect(await update(id, given)).toEqual({
        __typename: 'UpdateTablePayload',
        optionsChanged: false,
        table: { id: `Table:${id}`, sqlName: 'shop.orders', ...given, options: { path: 'orders.csv' } },
      });
      const before = await eventCount(server());
      const cleared = await update(id, { alias: null, bucket: null, primaryKey: null, isPublic: false });
      expect(cleared.table).toMatchObject({ alias: null, bucket: null, description: 'Orders', primaryKey: [] });
      expect(await newestEvent(server())).toEqual({
        actor: admin.email,
        credential: 'pat',
        action: 'table.updated',
        resource: `table:${id}`,
        details: {
          sqlName: 'shop.orders',
          before: { alias: 'all_orders', bucket: 'sales', isPublic: true, primaryKey: ['id'] },
          after: { alias: null, bucket: null, isPublic: false, primaryKey: [] },
        },
      });
      expect(await eventCount(server())).toBe(before + 1);
      expect(await stored(id)).toMatchObject({ sqlName: 'shop.orders', alias: null, description: 'Orders' });
    });

    test.each(['sqlName', 'isPublic', 'options'])('%s cannot be cleared', async (field) => {
      const { id } = tableNamed(server(), 'orders');
      expect(await update(id, { [field]: null })).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ path: field, message: expect.stringContaining('leave it out to keep what there is') }],
      });
    });

    test('statements know the new names, and no longer the old ones, from the answer on', async () => {
      const { id } = tableNamed(server(), 'people');
      expect(await read('SELECT count(*) FROM shop.people')).toBe('2');
      await update(id, { sqlName: 'crm.people', alias: 'everybody' });
      expect(await read('SELECT count(*) FROM crm.people')).toBe('2');
      expect(await read('SELECT count(*) FROM everybody')).toBe('2');
      expect(await read('SELECT count(*) FROM shop.people')).toMatch(/shop\.people/);
      await update(id, { alias: 'all_people' });
      expect(await read('SELECT count(*) FROM everybody')).toMatch(/everybody/);
      expect(await read('SELECT count(*) FROM all_people')).toBe('2');
    });

    test('a name that is taken is a conflict, across SQL names, aliases and their first parts, and changes nothing', async () => {
      const [orders, people] = [tableNamed(server(), 'orders'), tableNamed(server(), 'people')];
      const unchanged = await stored(orders.id);
      for (const input of [
        { sqlName: people.sqlName },
        { alias: people.alias },
        { alias: 'shop' },
        { alias: 'crm' },
        { sqlName: `${people.alias}.orders` },
        { sqlName: 'own.orders', alias: 'own' },
      ]) {
        expect([input, await update(orders.id, input)]).toMatchObject([input, { __typename: 'ConflictError' }]);
      }
      expect(await stored(orders.id)).toEqual(unchanged);
      const same = { sqlName: people.sqlName, alias: people.alias };
      expect(await update(people.id, same)).toMatchObject({ __typename: 'UpdateTablePayload' });
    });

    test.each([
      { sqlName: 'main.orders' },
      { sqlName: 'orders' },
      { sqlName: 'shop."orders"' },
      { alias: 'pg_catalog' },
      { alias: 'a b' },
      { primaryKey: ['id', 'id'] },
      { bucket: 'x'.repeat(201) },
      { schedule: 'sometimes' },
      { watermarkColumn: 'id' },
    ])('%j is refused with its path', async (input) => {
      const { id } = tableNamed(server(), 'orders');
      expect(await update(id, input)).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ path: Object.keys(input)[0] }],
      });
    });

    test('of several that want one name at the same instant, one gets it', async () => {
      const ids = ['orders', 'gone', 'spare'].map((name) => tableNamed(server(), name).id);
      const results = await Promise.all(ids.map((id) => update(id, { alias: 'wanted' })));
      const kinds = results.map(({ __typename }) => String(__typename)).toSorted();
      expect(kinds).toEqual(['ConflictError', 'ConflictError', 'UpdateTablePayload']);
    });

    test('options are what the connector takes; others keep the rows until a sync', async () => {
      const { id } = tableNamed(server(), 'orders');
      writeFileSync(join(server().files, 'orders2.csv'), 'id\n1\n2\n3\n');
      expect(await update(id, { options: { path: '/etc/passwd' } })).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ path: 'options.path' }],
      });
      const options = { path: 'orders2.csv' };
      expect(await update(id, { options })).toMatchObject({ optionsChanged: true, table: { options } });
      expect(await read('SELECT count(*) FROM shop.orders')).toBe('2');
      await server().sync();
      expect(await read('SELECT count(*) FROM shop.orders')).toBe('3');
      expect(await update(id, { options })).toMatchObject({ optionsChanged: false });
    });

    test('what it says of a table stands in the extract of its source at once', async () => {
      await update(tableNamed(server(), 'orders').id, { description: 'Said anew' });
      expect(await extract(server())).toMatchObject({ orders: 'Said anew' });
    });

    test('its options are for administrators only, and an unknown id is not found', async () => {
      const query = '{ tables { edges { node { sqlName options } } } }';
      const { errors } = await ask(server(), { as: ada, query });
      expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredRole: 'core.admin' });
      expect(await update('nothing', { description: 'x' })).toMatchObject({ __typename: 'NotFoundError' });
    });
  });

  describe('unregisterTable', () => {
    function unregister(id: string) {
      const payload = 'id sqlName removed { tables tableGrants files sizeBytes }';
      return mutate(server(), admin, { field: 'unregisterTable', input: { id: `Table:${id}` }, payload });
    }

    test('is refused while a run over it is on its way; a run over another table does not matter', async () => {
      const orders = tableNamed(server(), 'orders');
      const other = await server().registerFile('short', 'id\n1\n');
      // One after another through the only writer, before the run has taken its first step.
      const [started, refused, removed] = await Promise.allSettled([
        server().run(startSync, { source: 'shop', tables: [orders.id] }),
        server().run(unregisterTable, { id: orders.id }),
        server().run(unregisterTable, { id: other.id }),
      ]);
      await server().open.syncRunner.idle();
      expect([started.status, removed.status]).toEqual(['fulfilled', 'fulfilled']);
      expect(refused).toMatchObject({
        reason: { code: 'CONFLICT', message: 'A run over shop.orders is on its way; wait until it has ended.' },
      });
      expect(await stored(orders.id)).toBeDefined();
    });

    test('takes its grants, state and files along, and past runs stay readable without it', async () => {
      const table = tableNamed(server(), 'gone');
      const { generations, store } = server().open.services;
      const [file] = generations.state(table.id)!.files;
      const before = await eventCount(server());
      expect(await read('SELECT count(*) FROM shop.gone')).toBe('2');
      const removed = { tables: 1, tableGrants: 1, files: 1, sizeBytes: file!.sizeBytes };
      expect(await unregister(table.id)).toEqual({
        __typename: 'UnregisterTablePayload',
        id: `Table:${table.id}`,
        sqlName: 'shop.gone',
        removed: { ...removed, sizeBytes: String(removed.sizeBytes) },
      });
      expect(await newestEvent(server())).toMatchObject({
        action: 'table.unregistered',
        resource: `table:${table.id}`,
        details: { sqlName: 'shop.gone', source: 'shop', removed },
      });
      expect(await eventCount(server())).toBe(before + 1);
      expect(await read('SELECT count(*) FROM shop.gone')).toMatch(/shop\.gone/);
      for (const as of [ada, admin]) {
        const query = `{ table(id: "Table:${table.id}") { id } node(id: "Table:${table.id}") { id } tables(search: "gone") { totalCount } }`;
        expect((await ask(server(), { as, query })).data).toEqual({
          table: null,
          node: null,
          tables: { totalCount: 0 },
        });
      }
      expect(await stored(table.id)).toBeUndefined();
      for (const rows of [
        await store.db.selectFrom('table_grants').select('id').where('scope_id', '=', table.id).execute(),
        await store.db.selectFrom('table_sync_states').select('status').where('table_id', '=', table.id).execute(),
      ]) {
        expect(rows).toEqual([]);
      }
      const runs = await ask(server(), {
        as: admin,
        query: '{ syncRuns { edges { node { tables { rows table { name } } } } } }',
      });
      const oldest = runs.data.syncRuns.edges.at(-1).node.tables as { rows: string; table: { name: string } | null }[];
      expect(oldest.map(({ rows, table: known }) => [rows, known?.name ?? null])).toContainEqual(['2', null]);
      expect(await extract(server())).not.toHaveProperty('gone');
      expect(await unregister(table.id)).toMatchObject({ __typename: 'NotFoundError' });
    });

    test('a file that a reader may still have goes only after its time, and the name is free at once', async () => {
      const folder = join(server().dataDir, 'extracts/shop/data/gone');
      await server().sync();
      await server().open.syncRunner.collectGarbage();
      expect(readdirSync(folder), 'a statement that began before may still read it').toHaveLength(1);
      const again = await server().registerFile('gone', 'id\n1\n2\n');
      await server().sync();
      expect(await read('SELECT count(*) FROM shop.gone')).toMatch(/shop\.gone/);
      expect(await read('SELECT count(*) FROM shop.gone', admin)).toBe('2');
      await unregister(again.id);
    });
  });

  test('a source goes with its tables when asked, and its extract with it', async () => {
    const folder = join(server().dataDir, 'extracts/shop');
    const id = `Source:${server().open.services.registry.sourceByName('shop')!.id}`;
    const payload = 'name removed { tables files }';
    const input = { id, removeTables: true };
    const deleted = await mutate(server(), admin, { field: 'deleteSource', input, payload });
    expect(deleted).toMatchObject({ __typename: 'DeleteSourcePayload', name: 'shop' });
    await server().open.extractKeeper.idle();
    expect(existsSync(join(folder, 'extract.duckdb'))).toBe(false);
    expect(files(folder).length).toBeGreaterThan(0);
    const { store } = server().open.services;
    expect(await store.db.selectFrom('tables').select('id').execute()).toEqual([]);
    expect(await store.db.selectFrom('sources').select('id').execute()).toEqual([]);
  });
});

function tableNamed(server: TestServer, name: string): Table {
  const table = server.open.services.registry.tables().find((candidate) => candidate.name === name);
  if (!table) throw new Error(`There is no table ${name}.`);
  return table;
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.parquet'));
}

/** What `extract.duckdb` of the source says: each table that can be read there, with its description. */
async function extract(server: TestServer): Promise<Record<string, unknown>> {
  await server.open.extractKeeper.idle();
  const path = join(server.dataDir, 'extracts/shop/extract.duckdb');
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const listed = await connection.runAndReadAll('SELECT table_name, description FROM _meta');
    const rows = listed.getRowsJS() as [string, string | null][];
    for (const [name] of rows) await connection.run(`SELECT count(*) FROM "${name}"`);
    return Object.fromEntries(rows);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
