import type { User as UserRow } from '../../src/people/user.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';
import { Table } from '../registry/table.ts';
import { AccessReason, reasonsOf } from './access-reason.ts';

const AccessExplanation = builder.objectRef<{ user: UserRow; table: TableRow }>('AccessExplanation').implement({
  description: 'Whether somebody may read a table, and why.',
  fields: (t) => ({
    user: t.expose('user', { type: User, description: 'Who.' }),
    table: t.expose('table', { type: Table, description: 'Which table.' }),
    allowed: t.boolean({
      description: 'Whether the user may read the table now.',
      resolve: ({ user, table }, _args, { services }) => services.tableAccess.canRead(user.id, table.id),
    }),
    reasons: t.field({
      type: [AccessReason],
      description: 'Everything that speaks for or against it now; the first one decides.',
      resolve: ({ user, table }, _args, { services }) => reasonsOf(services, { userId: user.id, tableId: table.id }),
    }),
  }),
});

builder.queryField('explainAccess', (t) =>
  t.field({
    type: AccessExplanation,
    nullable: true,
    description: 'Whether this user may read this table, and why; null when one of the two does not exist.',
    authScopes: { role: 'core.admin' },
    args: {
      userId: t.arg.id({ required: true, description: 'Global id of the user.' }),
      tableId: t.arg.id({ required: true, description: 'Global id of the table.' }),
    },
    async resolve(_root, { userId, tableId }, { services, loaders }) {
      if (!userId.startsWith('User:') || !tableId.startsWith('Table:')) return null;
      const user = await loaders.users.load(userId.slice('User:'.length));
      const table = services.registry.table(tableId.slice('Table:'.length));
      return user && table ? { user, table } : null;
    },
  }),
);
