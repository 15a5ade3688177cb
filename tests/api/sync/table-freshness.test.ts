import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Table } from '../../../src/registry/table.ts';
import { updateTable } from '../../../src/registry/update-table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { selectTableStates } from '../../../src/sync/table-state.store.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const counts = 'okCount failedCount runningCount neverCount';

describeServersOnBoth((server) => {
  let admin: TestPerson;
  let reader: TestPerson;
  let orders: Table;
  let costs: Table;
  let grants: string[];

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    reader = await server().person('reader', ['core.viewer']);
    orders = await server().registerFile('orders', 'id,amount_usd\n1,2\n');
    costs = await server().registerFile('costs', 'id,Amount_eur\n1,2\n');
    await server().sync();
    writeFileSync(join(server().files, 'costs.csv'), 'id,Amount_eur\n1,3\n');
    await syncOnly(costs);
    await syncOnly(orders);
    const broken = await server().registerFile('broken', 'id,name\n1,Ada\n2,Ben,too much\n');
    await syncOnly(broken);
    const empty = await server().registerFile('empty', 'id\n1\n');
    grants = [];
    for (const { id } of [orders, empty]) {
      grants.push((await server().run(grantTableAccess, { tableId: id, userId: reader.id })).id);
    }
  });

  async function syncOnly(table: Table): Promise<void> {
    await server().run(startSync, { source: 'shop', tables: [table.id] });
    await server().open.syncRunner.idle();
  }

  async function found(as: TestPerson, search: string): Promise<string[]> {
    const query = 'query ($search: String) { tables(search: $search) { edges { node { name } } } }';
    const { data } = await ask(server(), { as, query, variables: { search } });
    return data.tables.edges.map(({ node }: { node: { name: string } }) => node.name);
  }

  async function freshness(as: TestPerson) {
    const query = `{ tableFreshness { ${counts} changedLast(first: 2) { name } oldest { name } failing { name } } }`;
    return (await ask(server(), { as, query })).data.tableFreshness;
  }

  test('a search finds tables by names and descriptions of their columns, and only those that one may read', async () => {
    expect(await found(admin, ' amount_ ')).toEqual(['costs', 'orders']);
    expect(await found(reader, 'amount_')).toEqual(['orders']);
    const columns = [{ name: 'Amount_eur', description: 'What we pay, net of taxes' }];
    const input = { tableId: `Table:${costs.id}`, columns };
    await mutate(server(), admin, { field: 'describeColumns', input });
    expect(await found(admin, 'NET OF taxes')).toEqual(['costs']);
    expect(await found(reader, 'net of taxes')).toEqual([]);
    await server().run(updateTable, { id: orders.id, description: 'One row for each order' });
    expect(await found(reader, 'each order')).toEqual(['orders']);
    expect(await found(reader, '')).toEqual(['empty', 'orders']);
  });

  test('the freshness counts and orders the tables that one may read, and no others', async () => {
    expect(await freshness(admin)).toEqual({
      okCount: 2,
      failedCount: 1,
      runningCount: 0,
      neverCount: 1,
      changedLast: [{ name: 'costs' }, { name: 'orders' }],
      oldest: { name: 'costs' },
      failing: [{ name: 'broken' }],
    });
    const own = { okCount: 1, failedCount: 0, runningCount: 0, neverCount: 1, failing: [] };
    expect(await freshness(reader)).toEqual({ ...own, changedLast: [{ name: 'orders' }], oldest: { name: 'orders' } });
    await server().run(revokeTableAccess, { grantId: grants[0]! });
    expect(await freshness(reader)).toEqual({ ...own, okCount: 0, changedLast: [], oldest: null });
  });

  test('a sync that brings the same rows, or fails, is no change, also for the next start', async () => {
    const query = '{ table(sqlName: "shop.costs") { syncState { lastChange lastSync } } }';
    const before = (await ask(server(), { as: admin, query })).data.table.syncState;
    await syncOnly(costs);
    writeFileSync(join(server().files, 'costs.csv'), 'id,Amount_eur\n1\n');
    await syncOnly(costs);
    const after = (await ask(server(), { as: admin, query })).data.table.syncState;
    expect(after.lastChange).toBe(before.lastChange);
    expect(after.lastSync > before.lastSync).toBe(true);
    const { store, generations } = server().open.services;
    expect((await selectTableStates(store.db)).find(({ tableId }) => tableId === costs.id)).toEqual(
      generations.state(costs.id),
    );
  });

  test('a run tells of one of its tables alone', async () => {
    const query = `query ($id: ID!) { table(id: $id) { syncRuns(first: 1) { tables(only: $id) { table { name } state } } } }`;
    const { data } = await ask(server(), { as: admin, query, variables: { id: `Table:${orders.id}` } });
    expect(data.table.syncRuns).toEqual([{ tables: [{ table: { name: 'orders' }, state: 'SUCCEEDED' }] }]);
  });
});
