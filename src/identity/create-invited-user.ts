import { defineOperation } from '../operation/define-operation.ts';
import { addUser } from '../people/add-user.ts';
import { createUser } from '../people/create-user.ts';
import type { User } from '../people/user.ts';
import { makeLink, type MailedLink } from './mailed-link.ts';

/** Makes a user as `createUser` does, and a link of 7 days by which that user chooses a password: both or neither. */
export const createInvitedUser = defineOperation({
  rule: createUser.rule,
  event: 'user.created',
  input: createUser.input,
  async run({ tx, input, record }): Promise<{ user: User; invitation: MailedLink }> {
    const user = await addUser(tx, { email: input.email, name: input.name ?? null });
    const invitation = await makeLink(tx, { purpose: 'invite', user });
    record({
      resource: `user:${user.id}`,
      details: { email: user.email, invitedUntil: invitation.expiresAt.toISOString() },
    });
    return { user, invitation };
  },
});
