import type { EffectiveRole as EffectiveRoleValue, RolePath as RolePathValue } from '../../src/access/access-index.ts';
import { builder } from '../builder.ts';
import { RoleGrant } from './role-grant.ts';
import { Role, rolesNamed } from './role.ts';

const RolePath = builder.objectRef<RolePathValue>('RolePath').implement({
  description: 'One way in which a user comes to a role.',
  fields: (t) => ({
    grant: t.field({ type: RoleGrant, description: 'The grant it begins with.', resolve: (path) => path.grant }),
    roles: t.field({
      type: [Role],
      description: 'From the granted role to this one, each implying the next.',
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
      description: 'Every grant that gives it, with every path of roles from there, shortest first.',
      resolve: (effective) => [...effective.via],
    }),
  }),
});
