import { LastAdminError } from '../../src/access/administrator-remains.ts';
import type { Role as RoleRow } from '../../src/access/role.ts';
import { updateRole } from '../../src/access/update-role.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { Role } from './role.ts';

const UpdateRoleInput = builder.inputType('UpdateRoleInput', {
  description: 'What to change; what is left out, or null, stays as it is.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The role’s key; it cannot be changed.' }),
    displayName: t.string({ description: 'What people call the role.' }),
    description: t.string({ description: 'What the role is for; an empty text clears it.' }),
    implies: t.stringList({
      description: 'Keys of all the roles that its holders are to hold too, in the place of those before.',
    }),
  }),
});

const UpdateRolePayload = builder.objectRef<{ role: RoleRow }>('UpdateRolePayload').implement({
  description: 'The role as it is now.',
  fields: (t) => ({ role: t.expose('role', { type: Role, description: 'The changed role.' }) }),
});

builder.mutationField('updateRole', (t) =>
  t.field({
    type: UpdateRolePayload,
    nullable: true,
    description:
      'Changes a role that an administrator made; what it implies counts for its holders from the answer on. Roles that Agnes defines are refused.',
    authScopes: updateRole.rule,
    args: { input: t.arg({ type: UpdateRoleInput, required: true, description: 'What to change.' }) },
    errors: { types: [NotFoundError, ConflictError, LastAdminError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ role: await context.run(updateRole, input) }),
  }),
);
