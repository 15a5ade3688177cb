import { z } from 'zod';
import { removeRoleGrantsOf } from '../access/remove-role-grants.ts';
import { removeCredentialsOf } from '../identity/remove-credentials.ts';
import { ConflictError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { demandUser, removeUser } from '../people/change-user.ts';
import { removeExternalGroupsOf } from '../people/remove-external-groups.ts';
import { deleteAccessRequestsOf } from './access-request.store.ts';
import { deleteTableGrantsTo } from './table-grant.store.ts';

/** How much went along with a user. */
export interface RemovedWithUser {
  readonly sessions: number;
  readonly tokens: number;
  readonly roleGrants: number;
  readonly externalGroups: number;
  readonly tableGrants: number;
  readonly accessRequests: number;
}

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.deleted': { email: string; removed: RemovedWithUser };
  }
}

/** Removes a user with everything that belongs to the user, in one transaction; what the user did stays in the audit. */
export const deleteUser = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.deleted',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, principal, record }): Promise<{ id: string; email: string; removed: RemovedWithUser }> {
    const { id, email } = await demandUser(tx, input.id);
    if (id === principal!.userId) throw new ConflictError('You cannot delete yourself; ask another administrator.');
    const removed = {
      ...(await removeCredentialsOf(tx, id)),
      roleGrants: await removeRoleGrantsOf(tx, id),
      externalGroups: await removeExternalGroupsOf(tx, id),
      tableGrants: await deleteTableGrantsTo(tx, { kind: 'user', id }),
      accessRequests: await deleteAccessRequestsOf(tx, id),
    };
    await removeUser(tx, id);
    record({ resource: `user:${id}`, details: { email, removed } });
    return { id, email, removed };
  },
});
