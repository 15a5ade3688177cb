import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { changeUser, demandUser } from './change-user.ts';
import { demandNewEmail } from './demand-new-email.ts';
import { emailAddress, personName, type User } from './user.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.updated': { from: Pick<User, 'email' | 'name'>; to: Pick<User, 'email' | 'name'> };
  }
}

/** Changes the e-mail address or the name; what is left out stays, and a name of null clears it. */
export const updateUser = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.updated',
  input: z.strictObject({
    id: z.string(),
    email: emailAddress
      .nullish()
      .refine((email) => email !== null, 'A user always has an e-mail address; leave it out to keep the one there is.'),
    name: personName.nullish(),
  }),
  async run({ tx, input, record }): Promise<User> {
    const before = await demandUser(tx, input.id);
    const to = {
      email: input.email ?? before.email,
      name: input.name === undefined ? before.name : input.name,
    };
    if (to.email !== before.email) await demandNewEmail(tx, to.email);
    const user = await changeUser(tx, before, to);
    record({ resource: `user:${user.id}`, details: { from: { email: before.email, name: before.name }, to } });
    return user;
  },
});
