import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { consumeLinkAtDoor, demandLinkAtDoor, type PresentedLink } from './link-door.ts';
import { linkSecret } from './mailed-link.ts';
import { openSession, type SignedIn } from './open-session.ts';
import { hashPassword, newPassword } from './password.ts';
import { deleteSessionsOf } from './session.store.ts';
import { setPassword } from './set-password.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'password.reset': { email: string; sessions: number; address: string | null };
  }
}

/** Gives whoever holds a reset link a new password, ends every session of the user, and opens a new one. */
export const resetPassword = defineOperation({
  rule: { public: true },
  event: 'password.reset',
  input: z.strictObject({ secret: linkSecret, password: newPassword }),
  async prepare({ input, services, client, requestId }): Promise<{ link: PresentedLink; passwordHash: string }> {
    const { secret, password } = input;
    const link = { purpose: 'passwordReset', door: 'password', secret, client, requestId } as const;
    return { link: await demandLinkAtDoor(services, link), passwordHash: await hashPassword(password) };
  },
  async run({ tx, prepared, principal, client, services, record }): Promise<SignedIn> {
    const user = await consumeLinkAtDoor(tx, services, prepared.link);
    await setPassword(tx, user.id, prepared.passwordHash);
    const sessions = await deleteSessionsOf(tx, user.id);
    const opened = await openSession(tx, { userId: user.id, door: 'password', ...client, presented: principal });
    record({
      resource: `user:${user.id}`,
      details: { email: user.email, sessions, address: client.address },
      actor: user,
    });
    return { email: user.email, ...opened };
  },
});
