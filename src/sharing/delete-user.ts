import { z } from 'zod';
import { removeRoleGrantsOf } from '../access/remove-role-grants.ts';
import { removeCredentialsOf } from '../identity/remove-credentials.ts';
import { ConflictError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { demandUser, removeUser } from '../people/change-user.ts';
import type { Services } from '../operation/services.ts';
import type { WriteTransaction } from '../store/store.ts';
import { removeExternalGroupsOf } from '../people/remove-external-groups.ts';
import { deleteAccessRequestsOf } from './access-request.store.ts';
import { deleteTableGrantsTo } from './table-grant.store.ts';

/** How much went along with a user. Domains that come later add their own: see `Services.userRemovals`. */
export interface RemovedWithUser {
  readonly sessions: number;
  readonly tokens: number;
  readonly identities: number;
  readonly devices: number;
  readonly roleGrants: number;
  readonly externalGroups: number;
  readonly tableGrants: number;
  readonly accessRequests: number;
}

declare module '../operation/services.ts' {
  interface Services {
    /** How domains to the right of `sharing` remove what they keep of a user, inside the transaction. */
    readonly userRemovals: readonly ((tx: WriteTransaction, userId: string) => Promise<Partial<RemovedWithUser>>)[];
  }
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
  async run({
    tx,
    input,
    principal,
    services,
    record,
  }): Promise<{ id: string; email: string; removed: RemovedWithUser }> {
    const { id, email } = await demandUser(tx, input.id);
    if (id === principal!.userId) throw new ConflictError('You cannot delete yourself; ask another administrator.');
    const removed = await removeBelongings(tx, { id, services });
    await removeUser(tx, id);
    record({ resource: `user:${id}`, details: { email, removed } });
    return { id, email, removed };
  },
});

/** What `deleteUser` would remove along with this user now: it is removed in a transaction that is then undone. */
export async function previewRemoval(services: Services, id: string): Promise<RemovedWithUser> {
  const undone = new Error('undone');
  let removed: RemovedWithUser | undefined;
  await services.store
    .write(async (tx) => {
      removed = await removeBelongings(tx, { id, services });
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return removed!;
}

async function removeBelongings(
  tx: WriteTransaction,
  { id, services }: { id: string; services: Services },
): Promise<RemovedWithUser> {
  const removed = {
    ...(await removeCredentialsOf(tx, id)),
    roleGrants: await removeRoleGrantsOf(tx, id),
    externalGroups: await removeExternalGroupsOf(tx, id),
    tableGrants: await deleteTableGrantsTo(tx, { kind: 'user', id }),
    accessRequests: await deleteAccessRequestsOf(tx, id),
  };
  for (const remove of services.userRemovals) Object.assign(removed, await remove(tx, id));
  return removed as RemovedWithUser;
}
