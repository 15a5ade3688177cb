import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { revokeTableAccess } from '../../src/sharing/revoke-table-access.ts';
import type { TableGrant as TableGrantRow } from '../../src/sharing/table-grant.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { TableGrant } from './table-grant.ts';

const RevokeTableAccessInput = builder.inputType('RevokeTableAccessInput', {
  description: 'Which table grant to take away.',
  fields: (t) => ({ grantId: t.id({ required: true, description: 'Global id of the table grant.' }) }),
});

const RevokeTableAccessPayload = builder.objectRef<{ grant: TableGrantRow }>('RevokeTableAccessPayload').implement({
  description: 'The grant that was taken away.',
  fields: (t) => ({ grant: t.expose('grant', { type: TableGrant, description: 'The former grant.' }) }),
});

builder.mutationField('revokeTableAccess', (t) =>
  t.field({
    type: RevokeTableAccessPayload,
    nullable: true,
    description: 'Takes a table grant away; it counts for every request, statement and event from the answer on.',
    authScopes: revokeTableAccess.rule,
    args: { input: t.arg({ type: RevokeTableAccessInput, required: true, description: 'Which grant to take away.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      grant: await context.run(revokeTableAccess, { grantId: storedId('TableGrant', input.grantId) }),
    }),
  }),
);
