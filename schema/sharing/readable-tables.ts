import type { Principal } from '../../src/operation/principal.ts';
import type { Services } from '../../src/operation/services.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import { builder } from '../builder.ts';
import { Viewer } from '../identity/viewer.ts';
import { readPage, textKey, type Connection, type PageArguments } from '../paging.ts';
import { User } from '../people/user.ts';
import { readableTables, Table } from '../registry/table.ts';
import { AccessReason, reasonsOf } from './access-reason.ts';

interface ReadableTableValue {
  readonly table: TableRow;
  readonly userId: string;
}

const ReadableTable = builder.objectRef<ReadableTableValue>('ReadableTable').implement({
  description: 'A table that somebody may read.',
  fields: (t) => ({
    table: t.field({ type: Table, description: 'The table.', resolve: ({ table }) => table }),
    reasons: t.field({
      type: [AccessReason],
      description: 'Everything that speaks for or against it now; the first one decides.',
      resolve: ({ table, userId }, _args, { services }) => reasonsOf(services, { userId, tableId: table.id }),
    }),
  }),
});

interface ReadableTableConnectionValue extends Connection<ReadableTableValue> {
  totalCount: number;
}

const ReadableTableConnection = builder.connectionObject(
  {
    type: ReadableTable,
    name: 'ReadableTableConnection',
    description: 'A page of the tables that somebody may read.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many tables there are in all pages.',
        resolve: (connection) => (connection as unknown as ReadableTableConnectionValue).totalCount,
      }),
    }),
  },
  { name: 'ReadableTableEdge', description: 'A readable table at its place in the list.' },
);

builder.objectField(Table, 'viewerAccess', (t) =>
  t.field({
    type: [AccessReason],
    description: 'Everything that speaks for or against the viewer’s reading this table now; the first one decides.',
    extensions: { personal: true },
    resolve: (table, _args, { services, principal }) =>
      principal ? reasonsOf(services, { userId: principal.userId, tableId: table.id }) : [],
  }),
);

builder.objectField(Viewer, 'tableAccess', (t) =>
  t.field({
    type: ReadableTableConnection,
    description: 'The tables that the viewer may read now, by SQL name.',
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    resolve: (viewer, args, { services }) => readReadableTables(services, viewer.principal, args),
  }),
);

builder.objectField(User, 'tableAccess', (t) =>
  t.field({
    type: ReadableTableConnection,
    nullable: true,
    description: 'The tables that this user may read now, by SQL name; none while the user is not active.',
    authScopes: { role: 'core.admin' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    resolve: (user, args, { services }) => readReadableTables(services, user.id, args),
  }),
);

async function readReadableTables(
  services: Services,
  reader: Principal | string,
  args: PageArguments,
): Promise<ReadableTableConnectionValue> {
  const tables = readableTables(services, reader);
  const userId = typeof reader === 'string' ? reader : reader.userId;
  const page = await readPage(args, {
    key: textKey,
    list: (limit, after) => tables.filter(({ sqlName }) => after === undefined || sqlName > after).slice(0, limit),
    keyOf: ({ sqlName }) => sqlName,
  });
  const edges = page.edges.map(({ cursor, node: table }) => ({ cursor, node: { table, userId } }));
  return { ...page, edges, totalCount: tables.length };
}
