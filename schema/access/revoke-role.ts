import { LastAdminError } from '../../src/access/administrator-remains.ts';
import { revokeRole } from '../../src/access/revoke-role.ts';
import type { RoleGrant as RoleGrantRow } from '../../src/access/role-grant.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { RoleGrant } from './role-grant.ts';

const RevokeRoleInput = builder.inputType('RevokeRoleInput', {
  description: 'Which grant to take away.',
  fields: (t) => ({ grantId: t.id({ required: true, description: 'Global id of the role grant.' }) }),
});

const RevokeRolePayload = builder.objectRef<{ grant: RoleGrantRow }>('RevokeRolePayload').implement({
  description: 'The grant that was taken away.',
  fields: (t) => ({ grant: t.expose('grant', { type: RoleGrant, description: 'The former grant.' }) }),
});

builder.mutationField('revokeRole', (t) =>
  t.field({
    type: RevokeRolePayload,
    nullable: true,
    description:
      'Takes a direct grant away; it counts for every request and every open subscription from the answer on.',
    authScopes: revokeRole.rule,
    args: { input: t.arg({ type: RevokeRoleInput, required: true, description: 'Which grant to take away.' }) },
    errors: { types: [NotFoundError, LastAdminError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      grant: await context.run(revokeRole, { grantId: storedId('RoleGrant', input.grantId) }),
    }),
  }),
);
