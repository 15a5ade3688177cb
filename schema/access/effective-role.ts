import type {
  EffectiveRole as EffectiveRoleValue,
  RolePath as RolePathValue,
} from '../../src/access/effective-role.ts';
import { builder } from '../builder.ts';
import { GroupMapping } from './group-mapping.ts';
import { RoleGrant } from './role-grant.ts';
import { Role, rolesNamed } from './role.ts';

const RolePath = builder.objectRef<RolePathValue>('RolePath').implement({
  description: 'One way in which a user comes to a role.',
  fields: (t) => ({
    grant: t.field({
      type: RoleGrant,
      nullable: true,
      description: 'The grant it begins with; null when it begins with a mapping.',
      resolve: (path) => path.grant,
    }),
    mapping: t.field({
      type: GroupMapping,
      nullable: true,
      description:
        'The mapping, of a group that the user is in, that it begins with; null when it begins with a grant.',
      resolve: (path) => path.mapping,
    }),
    roles: t.field({
      type: [Role],
      description: 'From the granted or mapped role to this one, each implying the next.',
      resolve: (path, _args, { services }) => rolesNamed(services, path.path),
    }),
  }),
});

export const EffectiveRole = builder.objectRef<EffectiveRoleValue>('EffectiveRole');

EffectiveRole.implement({
  description: 'A role that counts for a user now.',
  fields: (t) => ({
    role: t.field({
      type: Role,
      description: 'The role.',
      resolve: ({ roleKey }, _args, { services }) => rolesNamed(services, [roleKey])[0]!,
    }),
    via: t.field({
      type: [RolePath],
      description: 'Every grant and every mapping that gives it, with every path of roles from there, shortest first.',
      resolve: (effective) => [...effective.via],
    }),
  }),
});
