import { LastAdminError } from '../../src/access/administrator-remains.ts';
import type { RoleGrant as RoleGrantRow } from '../../src/access/role-grant.ts';
import { setCoreRole } from '../../src/access/set-core-role.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { RoleGrant } from './role-grant.ts';

const SetCoreRoleInput = builder.inputType('SetCoreRoleInput', {
  description: 'Which core role a user is to have.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'Global id of the user.' }),
    roleKey: t.string({
      required: true,
      description: '`core.viewer`, `core.analyst`, `core.km_admin` or `core.admin`.',
    }),
  }),
});

const SetCoreRolePayload = builder.objectRef<{ grant: RoleGrantRow }>('SetCoreRolePayload').implement({
  description: 'The only direct grant of a core role that the user has now.',
  fields: (t) => ({ grant: t.expose('grant', { type: RoleGrant, description: 'The grant; it has no end.' }) }),
});

builder.mutationField('setCoreRole', (t) =>
  t.field({
    type: SetCoreRolePayload,
    nullable: true,
    description:
      'Puts this core role in the place of every core role given directly, in one step; grants of other roles stay.',
    authScopes: setCoreRole.rule,
    args: { input: t.arg({ type: SetCoreRoleInput, required: true, description: 'Who is to have which core role.' }) },
    errors: { types: [NotFoundError, LastAdminError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      grant: await context.run(setCoreRole, { ...input, userId: storedId('User', input.userId) }),
    }),
  }),
);
