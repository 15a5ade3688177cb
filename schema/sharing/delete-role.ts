import { LastAdminError } from '../../src/access/administrator-remains.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { deleteRole, RoleInUseError, type RemovedWithRole } from '../../src/sharing/delete-role.ts';
import { Role, rolesNamed } from '../access/role.ts';
import { builder } from '../builder.ts';
import { ErrorInterface } from '../errors.ts';

const DeleteRoleInput = builder.inputType('DeleteRoleInput', {
  description: 'Which role to remove.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The role’s key.' }),
    removeUses: t.boolean({
      description:
        'Whether its grants, mappings, table grants and its place in other roles go along; false unless given.',
    }),
  }),
});

const RoleUses = builder.interfaceRef<RemovedWithRole>('RoleUses').implement({
  description: 'Where a role is used.',
  fields: (t) => ({
    roleGrants: t.exposeInt('roleGrants', { description: 'Grants of the role to users, ended ones too.' }),
    groupMappings: t.exposeInt('groupMappings', { description: 'Mappings of groups to the role.' }),
    tableGrants: t.exposeInt('tableGrants', { description: 'Table grants to the role, denying ones too.' }),
    impliedBy: t.field({
      type: [Role],
      description: 'The roles that imply it directly, by key.',
      resolve: ({ impliedBy }, _args, { services }) => rolesNamed(services, impliedBy),
    }),
  }),
});
const RemovedWithRoleType = builder.objectRef<RemovedWithRole>('RemovedWithRole').implement({
  description: 'How much was removed along with a role.',
  interfaces: [RoleUses],
});

builder.objectType(RoleInUseError, {
  name: 'RoleInUseError',
  description: 'The role is in use; nothing was removed, and this is what would be lost.',
  interfaces: [ErrorInterface, RoleUses],
});

const DeleteRolePayload = builder.objectRef<{ key: string; removed: RemovedWithRole }>('DeleteRolePayload').implement({
  description: 'Which role was removed, and what went along.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The former key, which is free now.' }),
    removed: t.expose('removed', { type: RemovedWithRoleType, description: 'What went along.' }),
  }),
});

builder.mutationField('deleteRole', (t) =>
  t.field({
    type: DeleteRolePayload,
    nullable: true,
    description:
      'Removes a role that an administrator made. A role in use is refused with what would be lost, unless `removeUses` is true.',
    authScopes: deleteRole.rule,
    args: { input: t.arg({ type: DeleteRoleInput, required: true, description: 'Which role to remove.' }) },
    errors: { types: [NotFoundError, ConflictError, RoleInUseError, LastAdminError, InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(deleteRole, input),
  }),
);
