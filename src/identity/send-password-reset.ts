import { z } from 'zod';
import { ConflictError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { demandUser } from '../people/change-user.ts';
import { makeLink, type MailedLink } from './mailed-link.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'password.resetSent': { email: string; expiresAt: string };
  }
}

/** Makes a link of 24 hours by which an active user chooses a new password; links that are open already stay good. */
export const sendPasswordReset = defineOperation({
  rule: { role: 'core.admin' },
  event: 'password.resetSent',
  input: z.strictObject({ userId: z.string() }),
  async run({ tx, input, record }): Promise<MailedLink> {
    const user = await demandUser(tx, input.userId);
    if (!user.active) throw new ConflictError('This user is not active; activate the user first.');
    const link = await makeLink(tx, { purpose: 'passwordReset', user });
    record({
      resource: `user:${user.id}`,
      details: { email: user.email, expiresAt: link.expiresAt.toISOString() },
    });
    return link;
  },
});
