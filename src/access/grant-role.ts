import { z } from 'zod';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { addRoleGrant } from './add-role-grant.ts';
import { selectRoleGrantOf } from './role-grant.store.ts';
import type { RoleGrant } from './role-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'role.granted': { roleKey: string; userId: string; email: string };
  }
}

/** Gives a user a role directly. */
export const grantRole = defineOperation({
  rule: { role: 'core.admin' },
  event: 'role.granted',
  input: z.strictObject({ userId: z.string(), roleKey: z.string() }),
  async run({ tx, input, principal, services, record }): Promise<RoleGrant> {
    const user = services.accessIndex.user(input.userId);
    if (!user) throw new NotFoundError('There is no user with this id.');
    if (!services.accessIndex.role(input.roleKey)) {
      throw new NotFoundError(`There is no role with the key ${JSON.stringify(input.roleKey)}.`);
    }
    if (await selectRoleGrantOf(tx.db, user.id, input.roleKey)) {
      throw new ConflictError(`${user.email} has the role ${input.roleKey} directly already.`);
    }
    const grant = await addRoleGrant(tx, {
      userId: user.id,
      roleKey: input.roleKey,
      source: principal!.credential.kind === 'system' ? 'system' : 'direct',
      grantedBy: principal!.email,
    });
    record({ resource: `user:${user.id}`, details: { roleKey: grant.roleKey, userId: user.id, email: user.email } });
    return grant;
  },
});
