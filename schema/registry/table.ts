import { InvalidInputError } from '../../src/kernel/errors.ts';
import type { Principal } from '../../src/operation/principal.ts';
import type { Services } from '../../src/operation/services.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import { isFoundBy } from '../../src/sync/table-search.ts';
import { builder } from '../builder.ts';
import { readPage, textKey, type Connection } from '../paging.ts';

export const QueryMode = builder.enumType('QueryMode', {
  description: 'Where a table’s rows are when it is queried.',
  values: {
    LOCAL: { value: 'local', description: 'In Parquet files of this instance.' },
    REMOTE: {
      value: 'remote',
      description: 'At its source, where each statement that names it reads them; there are no files.',
    },
    MATERIALIZED: {
      value: 'materialized',
      description: 'In Parquet files of this instance: each sync writes the result of a statement at the source there.',
    },
  } as const,
});

export const Table = builder.objectRef<TableRow>('Table');

builder.node(Table, {
  description: 'One registered relation of a source.',
  authScopes: { signedIn: true },
  runScopesOnType: true,
  node: {
    rule: { role: 'core.viewer' },
    load: (id, { services, principal }) => readableTable(services, { principal, id }),
  },
  id: { resolve: (table) => table.id, description: 'Global id.' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique within its source.' }),
    source: t.string({
      description: 'The name of its source.',
      resolve: (table, _args, { services }) => services.registry.source(table.sourceId)?.name ?? '',
    }),
    bucket: t.exposeString('bucket', { nullable: true, description: 'The group it stands in at its source.' }),
    sqlName: t.exposeString('sqlName', { description: 'How statements name it, such as `shop.orders`; unique.' }),
    alias: t.exposeString('alias', { nullable: true, description: 'A further, bare name for statements; unique.' }),
    description: t.exposeString('description', { nullable: true, description: 'What its rows are.' }),
    queryMode: t.field({ type: QueryMode, description: 'Where its rows are.', resolve: (table) => table.queryMode }),
    primaryKey: t.stringList({
      description: 'The columns that tell rows apart.',
      resolve: (table) => table.primaryKey,
    }),
    options: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What the connector was told to find and read it; never a secret.',
      authScopes: { role: 'core.admin' },
      resolve: (table) => table.options,
    }),
    isPublic: t.exposeBoolean('isPublic', {
      description: 'Whether every signed-in person may read it, unless a grant denies it.',
    }),
  }),
});

interface TableConnectionValue extends Connection<TableRow> {
  totalCount: number;
}

const TableConnection = builder.connectionObject(
  {
    type: Table,
    name: 'TableConnection',
    description: 'A page of tables.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many tables there are in all pages.',
        resolve: (connection) => (connection as unknown as TableConnectionValue).totalCount,
      }),
    }),
  },
  { name: 'TableEdge', description: 'A table at its place in the list.' },
);

builder.queryField('tables', (t) =>
  t.field({
    type: TableConnection,
    nullable: true,
    description: 'The tables that the viewer may read, by SQL name; an administrator reads all.',
    authScopes: { role: 'core.viewer' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
      search: t.arg.string({
        description:
          'Only tables that have this text in their SQL name, alias or description, or in the name or the description of a column.',
      }),
    },
    resolve: async (_root, args, { services, principal }) => {
      const readable = readableTables(services, principal!);
      const tables = readable.filter((table) => isFoundBy(services, table, args.search ?? ''));
      const page = await readPage(args, {
        key: textKey,
        list: (limit, after) => tables.filter((table) => !after || table.sqlName > after).slice(0, limit),
        keyOf: (table) => table.sqlName,
      });
      return { ...page, totalCount: tables.length };
    },
  }),
);

builder.queryField('table', (t) =>
  t.field({
    type: Table,
    nullable: true,
    description: 'The table with this id or this SQL name; null when there is none that the viewer may read.',
    authScopes: { role: 'core.viewer' },
    args: {
      id: t.arg.id({ description: 'Global id of the table. Give this or `sqlName`.' }),
      sqlName: t.arg.string({ description: 'Such as `shop.orders`. Give this or `id`.' }),
    },
    resolve: (_root, { id, sqlName }, { services, principal }) => {
      if ((id == null) === (sqlName == null)) {
        throw new InvalidInputError([{ path: 'id', message: 'Give either id or sqlName.' }]);
      }
      const table = id == null ? services.registry.tableBySqlName(sqlName!) : tableWithGlobalId(services, id);
      return table && readableTable(services, { principal: principal!, id: table.id });
    },
  }),
);

function tableWithGlobalId(services: Services, globalId: string): TableRow | null {
  return globalId.startsWith('Table:') ? services.registry.table(globalId.slice('Table:'.length)) : null;
}

/** The table with this stored id when this principal may read it, else null. */
function readableTable(services: Services, given: { principal: Principal; id: string }): TableRow | null {
  const readable = services.tableAccess.readableSet(given.principal);
  return readable.has(given.id) ? services.registry.table(given.id) : null;
}

/** The tables that this principal, or the user with this id, may read, by SQL name. */
export function readableTables(services: Services, reader: Principal | string): TableRow[] {
  const readable = services.tableAccess.readableSet(reader);
  return services.registry.tables().filter((table) => readable.has(table.id));
}
