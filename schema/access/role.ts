import { isOwnRole } from '../../src/access/own-role.ts';
import type { Role as RoleRow } from '../../src/access/role.ts';
import type { Services } from '../../src/operation/services.ts';
import { builder } from '../builder.ts';

export const Role = builder.objectRef<RoleRow>('Role');

Role.implement({
  description: 'A key that rules name; it may imply other roles.',
  authScopes: { signedIn: true },
  runScopesOnType: true,
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Unique; its first segment is the owner module.' }),
    displayName: t.exposeString('displayName', { description: 'What people call the role.' }),
    description: t.exposeString('description', { description: 'What the role is for.' }),
    ownerModule: t.exposeString('ownerModule', { description: 'The module that defines the role.' }),
    isCore: t.exposeBoolean('isCore', { description: 'Whether it is one of the four roles every instance has.' }),
    isChangeable: t.boolean({
      description:
        'Whether an administrator made it; a role that Agnes itself defines can neither be changed nor deleted.',
      resolve: (role, _args, { services }) => isOwnRole(services, role),
    }),
    implies: t.field({
      type: [Role],
      description: 'The roles that a holder of this one holds too, directly.',
      resolve: (role, _args, { services }) => rolesNamed(services, role.implies),
    }),
    impliedBy: t.field({
      type: [Role],
      description: 'The roles that imply this one directly.',
      resolve: (role, _args, { services }) => rolesNamed(services, services.accessIndex.impliedBy(role.key)),
    }),
    grantCount: t.int({
      description: 'How many users were given exactly this role, grants that have yet to begin or have ended included.',
      resolve: (role, _args, { services }) => services.accessIndex.grantCount(role.key),
    }),
    mappingCount: t.int({
      description: 'How many external groups are mapped to exactly this role.',
      resolve: (role, _args, { services }) => services.accessIndex.mappingCount(role.key),
    }),
  }),
});

builder.queryField('roles', (t) =>
  t.field({
    type: [Role],
    nullable: true,
    description: 'All roles, by key.',
    authScopes: { role: 'core.viewer' },
    resolve: (_root, _args, { services }) => services.accessIndex.roles(),
  }),
);

builder.queryField('role', (t) =>
  t.field({
    type: Role,
    nullable: true,
    description: 'The role with this key; null when there is none.',
    authScopes: { role: 'core.viewer' },
    args: { key: t.arg.string({ required: true, description: 'Such as `core.analyst`.' }) },
    resolve: (_root, { key }, { services }) => services.accessIndex.role(key) ?? null,
  }),
);

/** The roles with these keys that there are. */
export function rolesNamed(services: Services, keys: readonly string[]): RoleRow[] {
  return keys.flatMap((key) => services.accessIndex.role(key) ?? []);
}

const coreRolesFromTheTop = ['core.admin', 'core.km_admin', 'core.analyst', 'core.viewer'];

/** The highest core role among these, or null. */
export function coreRoleOf(services: Services, roles: ReadonlySet<string>): RoleRow | null {
  const key = coreRolesFromTheTop.find((candidate) => roles.has(candidate));
  return key === undefined ? null : (services.accessIndex.role(key) ?? null);
}
