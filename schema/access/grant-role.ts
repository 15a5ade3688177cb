import { grantRole } from '../../src/access/grant-role.ts';
import type { RoleGrant as RoleGrantRow } from '../../src/access/role-grant.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { RoleGrant } from './role-grant.ts';

const GrantRoleInput = builder.inputType('GrantRoleInput', {
  description: 'Whom to give which role.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'Global id of the user.' }),
    roleKey: t.string({ required: true, description: 'The role’s key, such as `core.analyst`.' }),
    startsAt: t.field({
      type: 'DateTime',
      description: 'When it begins to count, in the future; at once unless given.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ceases to count, by itself; never unless given.' }),
  }),
});

const GrantRolePayload = builder.objectRef<{ grant: RoleGrantRow }>('GrantRolePayload').implement({
  description: 'The grant that was made.',
  fields: (t) => ({ grant: t.expose('grant', { type: RoleGrant, description: 'The new grant.' }) }),
});

builder.mutationField('grantRole', (t) =>
  t.field({
    type: GrantRolePayload,
    nullable: true,
    description: 'Gives a user a role directly; it counts from the answer on, or in the period that is given.',
    authScopes: grantRole.rule,
    args: { input: t.arg({ type: GrantRoleInput, required: true, description: 'Whom to give which role.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      grant: await context.run(grantRole, { ...input, userId: storedId('User', input.userId) }),
    }),
  }),
);
