import { builder } from '../builder.ts';
import { Person } from '../people/user.ts';
import { EffectiveRole } from './effective-role.ts';
import { RoleGrant } from './role-grant.ts';
import { coreRoleOf, Role } from './role.ts';

builder.interfaceFields(Person, (t) => ({
  coreRole: t.field({
    type: Role,
    nullable: true,
    description: 'The highest of the four core roles in effect.',
    resolve: (user, _args, { services }) => coreRoleOf(services, user.id),
  }),
  effectiveRoles: t.field({
    type: [EffectiveRole],
    description: 'Every role in effect, with what gave it.',
    resolve: (user, _args, { services }) => services.accessIndex.effectiveRoles(user.id),
  }),
  roleGrants: t.field({
    type: [RoleGrant],
    description: 'The roles given directly, those that have yet to begin or have ended included.',
    resolve: (user, _args, { services }) => services.accessIndex.grantsOf(user.id),
  }),
}));
