import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import type { StoredTableGrant } from '../../src/sharing/stored-table-grant.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { GrantEffect, TableGrant } from './table-grant.ts';

const GrantTableAccessInput = builder.inputType('GrantTableAccessInput', {
  description: 'Who may, or must not, read which table. Give either `userId` or `roleKey`.',
  fields: (t) => ({
    tableId: t.id({ required: true, description: 'Global id of the table.' }),
    userId: t.id({ description: 'Global id of the user it is for.' }),
    roleKey: t.string({ description: 'The role whose holders it is for.' }),
    effect: t.field({ type: GrantEffect, description: '`ALLOW` unless given.' }),
  }),
});

const GrantTableAccessPayload = builder.objectRef<{ grant: StoredTableGrant }>('GrantTableAccessPayload').implement({
  description: 'The grant that was made.',
  fields: (t) => ({ grant: t.expose('grant', { type: TableGrant, description: 'The new grant.' }) }),
});

builder.mutationField('grantTableAccess', (t) =>
  t.field({
    type: GrantTableAccessPayload,
    nullable: true,
    description: 'Lets a user or the holders of a role read a table, or forbids it; it counts from the answer on.',
    authScopes: grantTableAccess.rule,
    args: { input: t.arg({ type: GrantTableAccessInput, required: true, description: 'Who, which table, what.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      grant: await context.run(grantTableAccess, {
        ...input,
        tableId: storedId('Table', input.tableId),
        userId: input.userId && storedId('User', input.userId),
      }),
    }),
  }),
);
