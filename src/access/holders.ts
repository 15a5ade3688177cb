import type { GrantLedger } from './grant-ledger.ts';
import type { MappedGroups } from './mapped-groups.ts';
import type { RoleCatalog } from './role-catalog.ts';
import type { RoleGrant } from './role-grant.ts';
import type { UserDirectory } from './user-directory.ts';

/** What the access index consists of. */
export interface AccessRooms {
  readonly users: UserDirectory;
  readonly roles: RoleCatalog;
  readonly grants: GrantLedger;
  readonly groups: MappedGroups;
}

/** How many active users have this role in effect, by whatever path. */
export function countActiveHolders(rooms: AccessRooms, key: string): number {
  const { users, roles, groups } = rooms;
  const members = [...roles.givers(key)]
    .flatMap((giver) => groups.mappingsTo(giver))
    .flatMap(({ externalGroupId }) => [...groups.membersOf(externalGroupId)])
    .filter((userId) => users.isActive(userId));
  return new Set([...countingGrants(rooms, key).map(({ userId }) => userId), ...members]).size;
}

/** How many of the active holders have a grant without an end for it; who has it by a group only is not counted. */
export function countLastingHolders(rooms: AccessRooms, key: string): number {
  const lasting = countingGrants(rooms, key).filter(({ expiresAt }) => expiresAt === null);
  return new Set(lasting.map(({ userId }) => userId)).size;
}

/** The grants that give `key` to somebody active, by whatever path. */
function countingGrants({ users, roles, grants }: AccessRooms, key: string): RoleGrant[] {
  return [...roles.givers(key)]
    .flatMap((giver) => grants.ofRole(giver))
    .filter((grant) => grants.counts(grant) && users.isActive(grant.userId));
}
