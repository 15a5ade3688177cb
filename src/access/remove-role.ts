import type { WriteTransaction } from '../store/store.ts';
import { deleteGroupMappingsTo } from './group-mapping.store.ts';
import { deleteRoleGrantsOfRole } from './role-grant.store.ts';
import { deleteStoredRole, selectRoles, upsertRole } from './role.store.ts';

/** What goes along with a role, as far as access knows. */
export interface RoleUses {
  readonly roleGrants: number;
  readonly groupMappings: number;
  /** Keys of the roles that imply it directly, sorted. */
  readonly impliedBy: readonly string[];
}

/** Removes a role with its grants, its mappings and its place in what other roles imply; the caller has checked that it may go. */
export async function removeRole(tx: WriteTransaction, key: string): Promise<RoleUses> {
  const impliedBy = (await selectRoles(tx.db)).filter((role) => role.implies.includes(key));
  for (const role of impliedBy) {
    await upsertRole(tx, { ...role, implies: role.implies.filter((implied) => implied !== key) });
  }
  const uses = {
    roleGrants: await deleteRoleGrantsOfRole(tx, key),
    groupMappings: await deleteGroupMappingsTo(tx, key),
    impliedBy: impliedBy.map((role) => role.key),
  };
  await deleteStoredRole(tx, key);
  return uses;
}
