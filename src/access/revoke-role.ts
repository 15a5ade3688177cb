import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { deleteRoleGrant, selectRoleGrant } from './role-grant.store.ts';
import type { RoleGrant } from './role-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'role.revoked': { roleKey: string; userId: string; grantId: string };
  }
}

/** Takes a direct grant away; it counts for every request and every event from its commit on. */
export const revokeRole = defineOperation({
  rule: { role: 'core.admin' },
  event: 'role.revoked',
  input: z.strictObject({ grantId: z.string() }),
  async run({ tx, input, record }): Promise<RoleGrant> {
    const grant = await selectRoleGrant(tx.db, input.grantId);
    if (!grant) throw new NotFoundError('There is no role grant with this id.');
    await deleteRoleGrant(tx, grant);
    record({
      resource: `user:${grant.userId}`,
      details: { roleKey: grant.roleKey, userId: grant.userId, grantId: grant.id },
    });
    return grant;
  },
});
