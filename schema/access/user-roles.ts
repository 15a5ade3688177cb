import type { Principal } from '../../src/operation/principal.ts';
import type { Services } from '../../src/operation/services.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import { Person } from '../people/user.ts';
import { EffectiveRole } from './effective-role.ts';
import { RoleGrant } from './role-grant.ts';
import { coreRoleOf, Role } from './role.ts';

/** The roles of a user or, where the person is the viewer, those of the credential that looks. */
function rolesInEffect(services: Services, person: UserRow & { principal?: Principal }): ReadonlySet<string> {
  return person.principal?.roles ?? services.accessIndex.rolesOf(person.id);
}

builder.interfaceFields(Person, (t) => ({
  coreRole: t.field({
    type: Role,
    nullable: true,
    description: 'The highest of the four core roles in effect.',
    resolve: (user, _args, { services }) => coreRoleOf(services, rolesInEffect(services, user)),
  }),
  effectiveRoles: t.field({
    type: [EffectiveRole],
    description:
      'Every role in effect, with what gave it. A token that was narrowed sees the viewer with the roles it keeps.',
    resolve(user, _args, { services }) {
      const inEffect = rolesInEffect(services, user);
      return services.accessIndex.effectiveRoles(user.id).filter(({ roleKey }) => inEffect.has(roleKey));
    },
  }),
  roleGrants: t.field({
    type: [RoleGrant],
    description: 'The roles given directly, those that have yet to begin or have ended included.',
    resolve: (user, _args, { services }) => services.accessIndex.grantsOf(user.id),
  }),
}));
