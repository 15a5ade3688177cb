import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { changeUser, demandUser } from './change-user.ts';
import type { User } from './user.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.activated': { email: string };
  }
}

/** Lets a user in again: the user's roles, table grants and unexpired tokens count from the commit on. */
export const activateUser = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.activated',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, record }): Promise<User> {
    const user = await changeUser(tx, await demandUser(tx, input.id), { active: true });
    record({ resource: `user:${user.id}`, details: { email: user.email } });
    return user;
  },
});
