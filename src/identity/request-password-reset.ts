import { defineOperation } from '../operation/define-operation.ts';
import type { MailedLink } from './mailed-link.ts';
import { demandMayAsk, linkRequest, makeLinkFor } from './requested-link.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'password.resetRequested': { email: string | null; linkMade: boolean };
  }
}

/** Makes a link of 24 hours for an active user with this address; null when none may be had, which the caller must not tell. */
export const requestPasswordReset = defineOperation({
  rule: { public: true },
  event: 'password.resetRequested',
  input: linkRequest,
  async prepare({ input, services, client }): Promise<void> {
    demandMayAsk(services, input, client);
  },
  async run({ tx, input: { email }, services, record }): Promise<MailedLink | null> {
    const { link, entry } = await makeLinkFor(tx, services, { email, purpose: 'passwordReset' });
    record(entry);
    return link;
  },
});
