import { z } from 'zod';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { addRoleGrant } from './add-role-grant.ts';
import { checkPeriod } from './check-period.ts';
import { demandRole } from './demand-role.ts';
import { deleteRoleGrant, selectRoleGrantOf } from './role-grant.store.ts';
import { hasEnded, type RoleGrant } from './role-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'role.granted': {
      roleKey: string;
      userId: string;
      email: string;
      startsAt: string | null;
      expiresAt: string | null;
    };
  }
}

/** Gives a user a role directly, from `startsAt` and until `expiresAt` where they are given; a grant that has ended makes room. */
export const grantRole = defineOperation({
  rule: { role: 'core.admin' },
  event: 'role.granted',
  input: z.strictObject({
    userId: z.string(),
    roleKey: z.string(),
    startsAt: z.date().nullish(),
    expiresAt: z.date().nullish(),
  }),
  async run({ tx, input, principal, services, record }): Promise<RoleGrant> {
    const user = services.accessIndex.user(input.userId);
    if (!user) throw new NotFoundError('There is no user with this id.');
    demandRole(services, input.roleKey);
    const period = { startsAt: input.startsAt ?? null, expiresAt: input.expiresAt ?? null };
    checkPeriod(period, tx.at);
    const held = await selectRoleGrantOf(tx.db, user.id, input.roleKey);
    if (held && !hasEnded(held, tx.at.getTime())) throw new ConflictError(describeHeld(user.email, held));
    if (held) await deleteRoleGrant(tx, held);
    const grant = await addRoleGrant(tx, {
      userId: user.id,
      roleKey: input.roleKey,
      source: principal!.credential.kind === 'system' ? 'system' : 'direct',
      grantedBy: principal!.email,
      ...period,
    });
    record({
      resource: `user:${user.id}`,
      details: {
        roleKey: grant.roleKey,
        userId: user.id,
        email: user.email,
        startsAt: grant.startsAt?.toISOString() ?? null,
        expiresAt: grant.expiresAt?.toISOString() ?? null,
      },
    });
    return grant;
  },
});

function describeHeld(email: string, { roleKey, startsAt, expiresAt }: RoleGrant): string {
  const period = [startsAt && `from ${startsAt.toISOString()}`, expiresAt && `until ${expiresAt.toISOString()}`];
  const told = period.filter(Boolean).join(' ');
  if (told === '') return `${email} has the role ${roleKey} directly already.`;
  return `${email} has the role ${roleKey} directly already, ${told}; revoke that grant first.`;
}
