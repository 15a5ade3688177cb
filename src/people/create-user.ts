import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { addUser } from './add-user.ts';
import { emailAddress, personName, type User } from './user.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.created': { email: string; invitedUntil?: string };
  }
}

/** Makes an active user without roles; the e-mail address must be new. */
export const createUser = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.created',
  input: z.strictObject({ email: emailAddress, name: personName.nullish() }),
  async run({ tx, input, record }): Promise<User> {
    const user = await addUser(tx, { email: input.email, name: input.name ?? null });
    record({ resource: `user:${user.id}`, details: { email: user.email } });
    return user;
  },
});
