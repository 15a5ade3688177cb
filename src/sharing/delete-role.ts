import { z } from 'zod';
import { demandOwnRole } from '../access/own-role.ts';
import { removeRole, type RoleUses } from '../access/remove-role.ts';
import { Failure } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { deleteTableGrantsTo } from './table-grant.store.ts';

/** What goes along with a role. */
export interface RemovedWithRole extends RoleUses {
  readonly tableGrants: number;
}

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'role.deleted': { roleKey: string; displayName: string; removed: RemovedWithRole };
  }
}

/** The role is granted, mapped, named by table grants or implied by other roles; these would go along with it. */
export class RoleInUseError extends Failure implements RemovedWithRole {
  readonly code = 'ROLE_IN_USE';
  readonly roleGrants: number;
  readonly groupMappings: number;
  readonly tableGrants: number;
  readonly impliedBy: readonly string[];

  constructor(key: string, uses: RemovedWithRole) {
    super(`The role ${key} is in use: ${describeUses(uses)} would go along; ask for that with removeUses.`);
    this.roleGrants = uses.roleGrants;
    this.groupMappings = uses.groupMappings;
    this.tableGrants = uses.tableGrants;
    this.impliedBy = uses.impliedBy;
  }
}

/**
 * Removes a role that an administrator made. While it is in use this is refused with a `RoleInUseError`, unless
 * `removeUses` is true: then all uses go along, in the same transaction.
 */
export const deleteRole = defineOperation({
  rule: { role: 'core.admin' },
  event: 'role.deleted',
  input: z.strictObject({ key: z.string(), removeUses: z.boolean().nullish() }),
  async run({ tx, input, services, record }): Promise<{ key: string; removed: RemovedWithRole }> {
    const { key, displayName } = demandOwnRole(services, input.key);
    const tableGrants = await deleteTableGrantsTo(tx, { kind: 'role', id: key });
    const removed = { ...(await removeRole(tx, key)), tableGrants };
    // What was removed until here is rolled back, so the error tells exactly what would be lost.
    if (!input.removeUses && inUse(removed)) throw new RoleInUseError(key, removed);
    record({ resource: `role:${key}`, details: { roleKey: key, displayName, removed } });
    return { key, removed };
  },
});

function inUse({ roleGrants, groupMappings, tableGrants, impliedBy }: RemovedWithRole): boolean {
  return roleGrants + groupMappings + tableGrants + impliedBy.length > 0;
}

/** `2 role grants, 1 table grant and what custom.lead implies by it` */
function describeUses({ roleGrants, groupMappings, tableGrants, impliedBy }: RemovedWithRole): string {
  const parts = [
    count(roleGrants, 'role grant'),
    count(groupMappings, 'group mapping'),
    count(tableGrants, 'table grant'),
    impliedBy.length > 0 ? `what ${impliedBy.join(', ')} ${impliedBy.length === 1 ? 'implies' : 'imply'} by it` : null,
  ].filter((part) => part !== null);
  const last = parts.pop() ?? '';
  return parts.length > 0 ? `${parts.join(', ')} and ${last}` : last;
}

function count(number: number, noun: string): string | null {
  if (number === 0) return null;
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
