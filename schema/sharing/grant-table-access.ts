import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import type { TableGrant as TableGrantRow } from '../../src/sharing/table-grant.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { GrantEffect, TableGrant } from './table-grant.ts';

const GrantTableAccessInput = builder.inputType('GrantTableAccessInput', {
  description:
    'Who may, or must not, read what. Give either `tableId`, or `source`, or `source` and `bucket`; and either `userId` or `roleKey`.',
  fields: (t) => ({
    tableId: t.id({ description: 'Global id of the table.' }),
    source: t.string({
      description:
        'The name of a source: every table of it, those registered later too; with `bucket`, those of the bucket.',
    }),
    bucket: t.string({ description: 'A bucket of the source; it need not have tables yet.' }),
    userId: t.id({ description: 'Global id of the user it is for.' }),
    roleKey: t.string({ description: 'The role whose holders it is for.' }),
    effect: t.field({ type: GrantEffect, description: '`ALLOW` unless given.' }),
    startsAt: t.field({
      type: 'DateTime',
      description: 'When it begins to count, in the future; at once unless given.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ceases to count, by itself; never unless given.' }),
  }),
});

const GrantTableAccessPayload = builder.objectRef<{ grant: TableGrantRow }>('GrantTableAccessPayload').implement({
  description: 'The grant that was made.',
  fields: (t) => ({ grant: t.expose('grant', { type: TableGrant, description: 'The new grant.' }) }),
});

builder.mutationField('grantTableAccess', (t) =>
  t.field({
    type: GrantTableAccessPayload,
    nullable: true,
    description:
      'Lets a user or the holders of a role read a table, a bucket or a source, or forbids it; it counts from the answer on, or in the period that is given.',
    authScopes: grantTableAccess.rule,
    args: {
      input: t.arg({ type: GrantTableAccessInput, required: true, description: 'Who, what, and whether they may.' }),
    },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      grant: await context.run(grantTableAccess, {
        ...input,
        tableId: input.tableId && storedId('Table', input.tableId),
        userId: input.userId && storedId('User', input.userId),
      }),
    }),
  }),
);
