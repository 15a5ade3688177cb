import { NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { readPage, textKey, type Connection } from '../paging.ts';
import { User } from '../people/user.ts';
import { Table } from '../registry/table.ts';
import { AccessReason, reasonsOf } from './access-reason.ts';

interface TableReaderValue {
  readonly userId: string;
  readonly email: string;
  readonly tableId: string;
}

const TableReader = builder.objectRef<TableReaderValue>('TableReader').implement({
  description: 'Somebody who may read a table.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who.',
      async resolve({ userId }, _args, { loaders }) {
        const user = await loaders.users.load(userId);
        if (!user) throw new NotFoundError('The user is gone.');
        return user;
      },
    }),
    reasons: t.field({
      type: [AccessReason],
      description: 'Everything that speaks for or against it now; the first one decides.',
      resolve: (reader, _args, { services }) => reasonsOf(services, reader),
    }),
  }),
});

interface TableReaderConnectionValue extends Connection<TableReaderValue> {
  totalCount: number;
}

const TableReaderConnection = builder.connectionObject(
  {
    type: TableReader,
    name: 'TableReaderConnection',
    description: 'A page of those who may read a table.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many may read it in all pages.',
        resolve: (connection) => (connection as unknown as TableReaderConnectionValue).totalCount,
      }),
    }),
  },
  { name: 'TableReaderEdge', description: 'Somebody who may read a table, at their place in the list.' },
);

builder.objectField(Table, 'readers', (t) =>
  t.field({
    type: TableReaderConnection,
    nullable: true,
    description: 'Everybody who may read this table now, by e-mail address.',
    authScopes: { role: 'core.admin' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    async resolve(table, args, { services }) {
      const readers = services.tableAccess.readersOf(table.id);
      const page = await readPage(args, {
        key: textKey,
        list: (limit, after) => readers.filter(({ email }) => after === undefined || email > after).slice(0, limit),
        keyOf: ({ email }) => email,
      });
      const edges = page.edges.map(({ cursor, node: { id: userId, email } }) => ({
        cursor,
        node: { userId, email, tableId: table.id },
      }));
      return { ...page, edges, totalCount: readers.length };
    },
  }),
);
