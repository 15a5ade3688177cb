import { z } from 'zod';
import { writeAuditEvent } from '../audit/record-audit-event.ts';
import { ConflictError, InvalidInputError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { findPasswordHolder } from '../people/password-hash.ts';
import { TooManyAttemptsError, type Attempt } from './attempts.ts';
import { hashPassword, newPassword, typedPassword, verifyPassword } from './password.ts';
import { deleteSessionsOf } from './session.store.ts';
import { setPassword } from './set-password.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.passwordChanged': { sessions: number };
    'password.changeRefused': { reason: string; address: string | null };
  }
}

/** Changes the caller's own password, who shows the current one; every other session and every open link of theirs ends. */
export const changePassword = defineOperation({
  rule: { interactive: true },
  event: 'user.passwordChanged',
  input: z.strictObject({ currentPassword: typedPassword, newPassword }),
  async prepare({ input, principal, services, client, requestId }): Promise<{ before: string; passwordHash: string }> {
    const { email } = principal!;
    const holder = await findPasswordHolder(services.store.db, email);
    const before = holder?.passwordHash ?? null;
    if (before === null) throw new ConflictError('You have no password; ask an administrator for one.');
    const attempt: Attempt = { door: 'password', account: email, address: client.address };
    const refused = { principal: principal!, address: client.address, requestId };
    try {
      services.attempts.demand(attempt);
    } catch (error) {
      if (error instanceof TooManyAttemptsError && error.first) await audit(services, refused, 'too many attempts');
      throw error;
    }
    if (!(await verifyPassword(input.currentPassword, before))) {
      services.attempts.failed(attempt);
      await audit(services, refused, 'wrong password');
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
    await setPassword(tx, userId, prepared.passwordHash);
    const sessions = await deleteSessionsOf(tx, userId, credential.id);
    record({ resource: `user:${userId}`, details: { sessions } });
    return { sessionsEnded: sessions };
  },
});

/** Whoever sits at an open session and does not know its password is worth a row, written before the answer. */
async function audit(
  services: Services,
  { principal, address, requestId }: { principal: Principal; address: string | null; requestId: string },
  reason: string,
): Promise<void> {
  await writeAuditEvent(services.store, {
    id: newId(),
    at: services.clock.now(),
    actorId: principal.userId,
    actor: principal.email,
    credential: principal.credential.kind,
    action: 'password.changeRefused',
    resource: `user:${principal.userId}`,
    details: { reason, address },
    requestId,
  });
}
