import { z } from 'zod';
import { Failure } from '../kernel/errors.ts';
import { defineOperation, type Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { findPasswordHolder, writePasswordHash } from '../people/password-hash.ts';
import type { PasswordHolder } from '../people/user.ts';
import { TooManyAttemptsError, type Attempt } from './attempts.ts';
import { openSession } from './open-session.ts';
import { hashPassword, isWeakHash, typedPassword, verifyPassword } from './password.ts';
import { auditRefusedSignIn } from './refused-sign-in.ts';
import type { Session, SessionDoor } from './session.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'session.opened': { door: SessionDoor; address: string | null };
  }
}

/** The address and the password do not let in, for whatever reason: that is for the audit alone. */
export class SignInRefusedError extends Failure {
  readonly code = 'SIGN_IN_REFUSED';

  constructor() {
    super('The e-mail address or the password is wrong.');
  }
}

/**
 * Signs a person in by password. Unknown, inactive and password-less accounts get the answer of a wrong password, after the
 * same computation. A hash weaker than today's is made anew. The session that the request presented ends.
 */
export const signIn = defineOperation({
  rule: { public: true },
  event: 'session.opened',
  input: z.strictObject({
    email: z.string().trim().toLowerCase().max(254, 'An e-mail address has at most 254 characters.'),
    password: typedPassword,
  }),
  async prepare({ input, services, client, requestId }): Promise<{ holder: PasswordHolder; newHash: string | null }> {
    const { email, password } = input;
    const attempt: Attempt = { door: 'password', account: email, address: client.address };
    const holder = await findPasswordHolder(services.store.db, email);
    const refused = { holder, client, requestId };
    demandAttempt(services, attempt, refused);
    const right = await verifyPassword(password, holder?.passwordHash ?? null);
    if (!right || !holder?.active) {
      services.attempts.failed(attempt);
      audit(services, refused, reasonOf(holder));
      throw new SignInRefusedError();
    }
    services.attempts.succeeded(attempt);
    return { holder, newHash: isWeakHash(holder.passwordHash!) ? await hashPassword(password) : null };
  },
  async run({ tx, prepared, principal, client, record }): Promise<{ email: string; session: Session; secret: string }> {
    const { holder, newHash } = prepared;
    const now = await findPasswordHolder(tx.db, holder.email);
    if (!now?.active || now.userId !== holder.userId || now.passwordHash !== holder.passwordHash) {
      throw new SignInRefusedError();
    }
    if (newHash !== null) await writePasswordHash(tx, now.userId, newHash);
    const opened = await openSession(tx, { userId: now.userId, door: 'password', ...client, presented: principal });
    record({
      resource: `session:${opened.session.id}`,
      details: { door: 'password', address: client.address },
      actor: { id: now.userId, email: now.email },
    });
    return { email: now.email, ...opened };
  },
});

interface Refused {
  readonly holder: PasswordHolder | null;
  readonly client: Client;
  readonly requestId: string;
}

function demandAttempt(services: Services, attempt: Attempt, refused: Refused): void {
  try {
    services.attempts.demand(attempt);
  } catch (error) {
    if (error instanceof TooManyAttemptsError && error.first) audit(services, refused, 'too many attempts');
    throw error;
  }
}

function reasonOf(holder: PasswordHolder | null): string {
  if (!holder) return 'unknown account';
  if (!holder.active) return 'inactive account';
  return holder.passwordHash === null ? 'account without password' : 'wrong password';
}

function audit(services: Services, { holder, client, requestId }: Refused, reason: string): void {
  const user = holder && { id: holder.userId, email: holder.email };
  auditRefusedSignIn(services, { door: 'password', reason, user, client, requestId });
}
