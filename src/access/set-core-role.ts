import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { addRoleGrant } from './add-role-grant.ts';
import { coreRoles } from './core-roles.ts';
import { deleteRoleGrant, selectRoleGrantsOf } from './role-grant.store.ts';
import { countsAt, type RoleGrant } from './role-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.coreRoleSet': { userId: string; email: string; before: readonly string[]; after: readonly string[] };
  }
}

const coreKeys: ReadonlySet<string> = new Set(coreRoles.map(({ key }) => key));

/**
 * Makes this core role the only one that the user is given directly, from now on and without an end; grants of other roles
 * stay. A grant that is just that already is kept.
 */
export const setCoreRole = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.coreRoleSet',
  input: z.strictObject({
    userId: z.string(),
    roleKey: z
      .string()
      .refine((key) => coreKeys.has(key), `Choose one of the core roles: ${[...coreKeys].join(', ')}.`),
  }),
  async run({ tx, input, principal, services, record }): Promise<RoleGrant> {
    const user = services.accessIndex.user(input.userId);
    if (!user) throw new NotFoundError('There is no user with this id.');
    const before = (await selectRoleGrantsOf(tx.db, user.id)).filter(({ roleKey }) => coreKeys.has(roleKey));
    const kept = before.find((grant) => grant.roleKey === input.roleKey && isLasting(grant, tx.at));
    for (const grant of before) if (grant !== kept) await deleteRoleGrant(tx, grant);
    const grant =
      kept ??
      (await addRoleGrant(tx, {
        userId: user.id,
        roleKey: input.roleKey,
        source: principal!.credential.kind === 'system' ? 'system' : 'direct',
        grantedBy: principal!.email,
      }));
    record({
      resource: `user:${user.id}`,
      details: {
        userId: user.id,
        email: user.email,
        before: before.map(({ roleKey }) => roleKey).toSorted(),
        after: [grant.roleKey],
      },
    });
    return grant;
  },
});

function isLasting(grant: RoleGrant, at: Date): boolean {
  return grant.expiresAt === null && countsAt(grant, at.getTime());
}
