import type { GroupsOfUser } from '../people/external-group.ts';
import type { GroupMapping } from './group-mapping.ts';
import type { RoleGrant } from './role-grant.ts';
import type { Role } from './role.ts';

/** What access needs to know of a user; `email` in lower case. */
export interface AccessUser {
  readonly id: string;
  readonly email: string;
  readonly active: boolean;
}

/** The stored facts that roles follow from. */
export interface AccessSnapshot {
  readonly users: Iterable<AccessUser>;
  readonly roles: Iterable<Role>;
  readonly roleGrants: Iterable<RoleGrant>;
  readonly userGroups: Iterable<GroupsOfUser>;
  readonly groupMappings: Iterable<GroupMapping>;
}

/**
 * One changed row; `put` adds it or takes the place of the row with the same id (a role: the same key; groups: the same
 * user).
 */
export type AccessChange =
  | { readonly kind: 'user'; readonly op: 'put'; readonly row: AccessUser }
  | { readonly kind: 'user'; readonly op: 'drop'; readonly row: Pick<AccessUser, 'id'> }
  | { readonly kind: 'role'; readonly op: 'put'; readonly row: Role }
  | { readonly kind: 'role'; readonly op: 'drop'; readonly row: Pick<Role, 'key'> }
  | { readonly kind: 'roleGrant'; readonly op: 'put'; readonly row: RoleGrant }
  | { readonly kind: 'roleGrant'; readonly op: 'drop'; readonly row: Pick<RoleGrant, 'id'> }
  | { readonly kind: 'userGroups'; readonly op: 'put'; readonly row: GroupsOfUser }
  | { readonly kind: 'groupMapping'; readonly op: 'put'; readonly row: GroupMapping }
  | { readonly kind: 'groupMapping'; readonly op: 'drop'; readonly row: Pick<GroupMapping, 'id'> };
