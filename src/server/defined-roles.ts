import { collectRoles } from '../access/collect-roles.ts';
import { coreRoles } from '../access/core-roles.ts';
import type { Role } from '../access/role.ts';
import { remoteSpender } from '../query/remote-spender.ts';

/** Every role that code defines, as it is stored; throws a `RoleDefinitionError` when they contradict each other. */
export function definedRoles(): Role[] {
  return collectRoles([...coreRoles, remoteSpender]);
}
