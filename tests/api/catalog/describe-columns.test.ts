import { beforeAll, expect, test } from 'vitest';
import { selectTables } from '../../../src/registry/table.store.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const columnFields = 'columns { name type description descriptionSource }';
const undescribed = { description: null, descriptionSource: null };

describeServersOnBoth((server) => {
  let curator: TestPerson;
  let admin: TestPerson;
  let reader: TestPerson;
  let stored: { id: string };
  let tableId: string;
  let grantId: string;

  beforeAll(async () => {
    curator = await server().person('curator', ['core.km_admin']);
    admin = await server().person('admin', ['core.admin']);
    reader = await server().person('reader', ['core.viewer']);
    stored = await server().registerFile('orders', 'id,state\n1,open\n');
    await server().registerFile('costs', 'id\n1\n');
    const query = '{ table(sqlName: "shop.orders") { id } }';
    tableId = (await ask(server(), { as: admin, query })).data.table.id;
    ({ id: grantId } = await server().run(grantTableAccess, { tableId: stored.id, userId: curator.id }));
    await server().run(grantTableAccess, { tableId: stored.id, userId: reader.id });
  });

  function describeColumns(columns: Record<string, string | null>, { as = curator, id = tableId } = {}) {
    const input = {
      tableId: id,
      columns: Object.entries(columns).map(([name, description]) => ({ name, description })),
    };
    return mutate(server(), as, { field: 'describeColumns', input, payload: `table { ${columnFields} }` });
  }

  async function columnsFor(as: TestPerson) {
    const query = `{ manifest { version tables { table { sqlName ${columnFields} } } } }`;
    const { manifest } = (await ask(server(), { as, query })).data;
    const found = manifest.tables.find(({ table }: { table: { sqlName: string } }) => table.sqlName === 'shop.orders');
    return { version: manifest.version as string, columns: found?.table.columns };
  }

  test('columns that no sync has told are refused', async () => {
    expect(await describeColumns({ id: 'Its number' })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [
        { path: 'columns.0.name', message: 'The columns are not known before the first sync; sync the table first.' },
      ],
    });
    await server().sync();
  });

  test('what a person says of columns is told to who may read the table, changes the manifest, is stored and audited', async () => {
    const before = await columnsFor(reader);
    const text = 'Open, paid\nor "void" 🦆 \\';
    const columns = [
      { name: 'id', type: 'BIGINT', ...undescribed },
      { name: 'state', type: 'VARCHAR', description: text, descriptionSource: 'MANUAL' },
    ];
    expect(await describeColumns({ state: ` ${text} ` })).toEqual({
      __typename: 'DescribeColumnsPayload',
      table: { columns },
    });
    expect(await newestEvent(server())).toMatchObject({
      actor: curator.email,
      action: 'columns.described',
      resource: `table:${stored.id}`,
      details: { sqlName: 'shop.orders', columns: [{ name: 'state', description: text }] },
    });
    const after = await columnsFor(reader);
    expect(after.columns).toEqual(columns);
    expect(after.version).not.toBe(before.version);
    const rows = await selectTables(server().open.services.store.db);
    expect(rows.find(({ id }) => id === stored.id)!.columnDescriptions).toEqual([{ name: 'state', description: text }]);
  });

  test('columns that are not named keep theirs; null removes one', async () => {
    await describeColumns({ id: 'Its number' });
    const { table } = await describeColumns({ state: null });
    expect(table.columns).toMatchObject([{ description: 'Its number' }, undescribed]);
  });

  test('a column that the table has not, one that is named twice, and an empty text change nothing', async () => {
    const events = await eventCount(server());
    expect(await describeColumns({ id: 'Another', total: 'x' })).toMatchObject({
      fields: [{ path: 'columns.1.name', message: 'The table has no column "total"; it has id, state.' }],
    });
    const twice = { tableId, columns: [{ name: 'id' }, { name: 'id', description: 'x' }] };
    expect(await mutate(server(), curator, { field: 'describeColumns', input: twice })).toMatchObject({
      fields: [{ path: 'columns.1.name', message: 'It is named twice.' }],
    });
    expect(await describeColumns({ id: ' ' })).toMatchObject({ __typename: 'InvalidInputError' });
    expect((await columnsFor(reader)).columns[0].description).toBe('Its number');
    expect(await eventCount(server())).toBe(events);
  });

  test('who may not read a table neither sees nor describes its columns', async () => {
    await server().run(revokeTableAccess, { grantId });
    expect(await describeColumns({ id: 'x' })).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    expect((await columnsFor(curator)).columns).toBeUndefined();
    await expect(describeColumns({ id: 'x' }, { as: reader })).rejects.toThrow(/FORBIDDEN/);
  });

  test('a source that takes no descriptions says so, and nothing is audited', async () => {
    const events = await eventCount(server());
    const push = (as: TestPerson) => mutate(server(), as, { field: 'pushColumnMetadata', input: { tableId } });
    expect(await push(admin)).toEqual({
      __typename: 'PushNotPossibleError',
      code: 'PUSH_NOT_POSSIBLE',
      message: 'Files takes no descriptions of columns; what is said of them stays here.',
    });
    await expect(push(curator)).rejects.toThrow(/FORBIDDEN/);
    expect(await eventCount(server())).toBe(events);
  });
});
