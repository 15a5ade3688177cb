import { createRole } from '../../src/access/create-role.ts';
import type { Role as RoleRow } from '../../src/access/role.ts';
import { ConflictError, InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { Role } from './role.ts';

const CreateRoleInput = builder.inputType('CreateRoleInput', {
  description: 'The role to make.',
  fields: (t) => ({
    key: t.string({
      required: true,
      description:
        'New, and never changed: segments of a-z, 0-9 and _ that each begin with a letter, joined by dots, at most 64 characters; not in `core`.',
    }),
    displayName: t.string({ required: true, description: 'What people call the role, at most 100 characters.' }),
    description: t.string({ description: 'What the role is for, at most 2,000 characters.' }),
    implies: t.stringList({ description: 'Keys of the roles that its holders are to hold too; none unless given.' }),
  }),
});

const CreateRolePayload = builder.objectRef<{ role: RoleRow }>('CreateRolePayload').implement({
  description: 'The role that was made.',
  fields: (t) => ({ role: t.expose('role', { type: Role, description: 'The new role.' }) }),
});

builder.mutationField('createRole', (t) =>
  t.field({
    type: CreateRolePayload,
    nullable: true,
    description:
      'Makes a role of your own, for table grants and as a bundle of other roles. No rule names it; it lets its holders do what the roles it implies do.',
    authScopes: createRole.rule,
    args: { input: t.arg({ type: CreateRoleInput, required: true, description: 'The role to make.' }) },
    errors: { types: [ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ role: await context.run(createRole, input) }),
  }),
);
