import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { emailAddress } from '../people/user.ts';
import { findUserByEmail } from '../people/read-users.ts';
import { makeRequestedLink, type MailedLink } from './mailed-link.ts';
import { demandMailer } from './mailer.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'password.resetRequested': { email: string | null; linkMade: boolean };
  }
}

/**
 * Makes a link of 24 hours for an active user with this address; null when none may be had, which the caller must not tell. The
 * audit holds the address of known users only.
 */
export const requestPasswordReset = defineOperation({
  rule: { public: true },
  event: 'password.resetRequested',
  input: z.strictObject({ email: emailAddress }),
  async prepare({ input, services, client }): Promise<void> {
    demandMailer(services);
    // Every request counts as a try that failed, also those for known accounts, so that the wait tells nothing.
    services.attempts.demand({ door: 'mail', account: input.email, address: client.address });
  },
  async run({ tx, input, services, record }): Promise<MailedLink | null> {
    const user = await findUserByEmail(tx, input.email);
    const mayMail = (email: string): boolean => services.mailLimit.take(email, tx.at);
    const link = await makeRequestedLink(tx, { purpose: 'passwordReset', user, mayMail });
    record({
      resource: `user:${user?.id ?? 'unknown'}`,
      details: { email: user?.email ?? null, linkMade: link !== null },
    });
    return link;
  },
});
