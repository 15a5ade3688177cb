import { z } from 'zod';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { demandUser } from '../people/change-user.ts';
import { deleteSession, deleteSessionsOf, selectSession } from './session.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'session.ended': { userId: string };
    'user.signedOutEverywhere': { sessions: number };
  }
}

/** Ends the session that was presented; a token and the development sign-in have none. */
export const signOut = defineOperation({
  rule: { signedIn: true },
  event: 'session.ended',
  input: z.strictObject({}),
  async run({ tx, principal, record }): Promise<{ email: string }> {
    const { credential, userId, email } = principal!;
    if (credential.kind === 'pat') {
      throw new ConflictError('You use a token, which has no session to end; `revokeToken` ends the token.');
    }
    if (credential.kind !== 'session') throw new ConflictError('There is no session to end.');
    await deleteSession(tx, credential.id);
    record({ resource: `session:${credential.id}`, details: { userId } });
    return { email };
  },
});

/** Ends a session of the caller, or anybody's for an administrator. Somebody else's does not exist for others. */
export const endSession = defineOperation({
  rule: { signedIn: true },
  event: 'session.ended',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, principal, services, record }): Promise<{ id: string; current: boolean }> {
    const { userId, roles, credential } = principal!;
    const session = await selectSession(tx.db, input.id);
    const live = session && services.credentials.findById(session.id, tx.at);
    const may = session && (session.userId === userId || roles.has('core.admin'));
    if (!live || !may) throw new NotFoundError('There is no live session with this id.');
    await deleteSession(tx, session.id);
    record({ resource: `session:${session.id}`, details: { userId: session.userId } });
    return { id: session.id, current: session.id === credential.id };
  },
});

/** Ends every session of the caller; the presented one too, unless it is to be kept. */
export const signOutEverywhere = defineOperation({
  rule: { signedIn: true },
  event: 'user.signedOutEverywhere',
  input: z.strictObject({ keepThisOne: z.boolean().nullish() }),
  async run({ tx, input, principal, record }): Promise<{ sessionsEnded: number }> {
    const { userId, credential } = principal!;
    const sessions = await deleteSessionsOf(tx, userId, input.keepThisOne ? credential.id : undefined);
    record({ resource: `user:${userId}`, details: { sessions } });
    return { sessionsEnded: sessions };
  },
});

/** Ends every session of a user, for an administrator. Tokens stay. */
export const endSessionsOf = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.signedOutEverywhere',
  input: z.strictObject({ userId: z.string() }),
  async run({ tx, input, record }): Promise<{ sessionsEnded: number }> {
    const user = await demandUser(tx, input.userId);
    const sessions = await deleteSessionsOf(tx, user.id);
    record({ resource: `user:${user.id}`, details: { sessions } });
    return { sessionsEnded: sessions };
  },
});
