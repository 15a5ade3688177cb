import { z } from 'zod';
import { ConflictError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { demandUser, hasPassword } from '../people/change-user.ts';
import { makeLink, type MailedLink } from './mailed-link.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.invited': { email: string; expiresAt: string };
  }
}

/** Makes a link of 7 days by which an active user without a password chooses one; links that are open already stay good. */
export const inviteUser = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.invited',
  input: z.strictObject({ userId: z.string() }),
  async run({ tx, input, record }): Promise<MailedLink> {
    const user = await demandUser(tx, input.userId);
    if (!user.active) throw new ConflictError('This user is not active; activate the user first.');
    if (await hasPassword(tx, user.id)) {
      throw new ConflictError('This user has a password already; send a link to reset it instead.');
    }
    const link = await makeLink(tx, { purpose: 'invite', user });
    record({
      resource: `user:${user.id}`,
      details: { email: user.email, expiresAt: link.expiresAt.toISOString() },
    });
    return link;
  },
});
