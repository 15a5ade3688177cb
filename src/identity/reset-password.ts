import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { consumeLinkAtDoor, demandLinkAtDoor } from './link-door.ts';
import { linkSecret } from './mailed-link.ts';
import { openSession, type SignedIn } from './open-session.ts';
import { hashPassword, newPassword } from './password.ts';
import { deleteSessionsOf } from './session.store.ts';
import { setPassword } from './set-password.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'password.reset': { email: string; sessionsEnded: number };
  }
}

const door = { purpose: 'passwordReset', door: 'password' } as const;

/** Gives whoever holds a reset link a new password, ends every session of the user, and opens a new one. */
export const resetPassword = defineOperation({
  rule: { public: true },
  event: 'password.reset',
  input: z.strictObject({ secret: linkSecret, password: newPassword }),
  async prepare({ input, services }): Promise<{ passwordHash: string }> {
    await demandLinkAtDoor(services, { ...door, secret: input.secret });
    return { passwordHash: await hashPassword(input.password) };
  },
  async run({ tx, input, prepared, principal, services, record }): Promise<SignedIn> {
    const user = await consumeLinkAtDoor(tx, services, { ...door, secret: input.secret });
    await setPassword(tx, user.id, prepared.passwordHash);
    const sessionsEnded = await deleteSessionsOf(tx, user.id);
    const opening = { userId: user.id, door: 'password', device: null, address: null, presented: principal } as const;
    const { session, secret } = await openSession(tx, opening);
    record({ resource: `user:${user.id}`, details: { email: user.email, sessionsEnded }, actor: user });
    return { email: user.email, sessionSecret: secret, expiresAt: session.expiresAt };
  },
});
