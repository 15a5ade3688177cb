import { z } from 'zod';
import { ConflictError, InvalidInputError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { findPasswordHolder, writePasswordHash } from '../people/password-hash.ts';
import type { Attempt } from './attempts.ts';
import { hashPassword, newPassword, typedPassword, verifyPassword } from './password.ts';
import { deleteSessionsOf } from './session.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.passwordChanged': { sessions: number };
  }
}

/** Changes the caller's own password, who shows the current one; every other session of theirs ends. */
export const changePassword = defineOperation({
  rule: { interactive: true },
  event: 'user.passwordChanged',
  input: z.strictObject({ currentPassword: typedPassword, newPassword }),
  async prepare({ input, principal, services, client }): Promise<{ before: string; passwordHash: string }> {
    const { email } = principal!;
    const holder = await findPasswordHolder(services.store.db, email);
    const before = holder?.passwordHash ?? null;
    if (before === null) throw new ConflictError('You have no password; ask an administrator for one.');
    const attempt: Attempt = { door: 'password', account: email, address: client.address };
    services.attempts.demand(attempt);
    if (!(await verifyPassword(input.currentPassword, before))) {
      services.attempts.failed(attempt);
      throw new InvalidInputError([{ path: 'currentPassword', message: 'This is not your current password.' }]);
    }
    services.attempts.succeeded(attempt);
    return { before, passwordHash: await hashPassword(input.newPassword) };
  },
  async run({ tx, prepared, principal, record }): Promise<{ sessionsEnded: number }> {
    const { userId, email, credential } = principal!;
    const holder = await findPasswordHolder(tx.db, email);
    if (holder?.userId !== userId || holder.passwordHash !== prepared.before) {
      throw new ConflictError('Your password was changed in the meantime; try again.');
    }
    await writePasswordHash(tx, userId, prepared.passwordHash);
    const sessions = await deleteSessionsOf(tx, userId, credential.id);
    record({ resource: `user:${userId}`, details: { sessions } });
    return { sessionsEnded: sessions };
  },
});
