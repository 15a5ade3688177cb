import { z } from 'zod';
import { Failure } from '../kernel/errors.ts';
import { defineOperation, type Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { findPasswordHolder, writePasswordHash } from '../people/password-hash.ts';
import type { PasswordHolder } from '../people/user.ts';
import { TooManyAttemptsError, type Attempt } from './attempts.ts';
import { openSession } from './open-session.ts';
import { hashPassword, isWeakHash, typedPassword, verifyPassword } from './password.ts';
import { auditRefusedSignIn, noteRefusedSignIn, type RefusedSignIn } from './refused-sign-in.ts';
import type { Session, SessionDoor } from './session.ts';

/** What the audit keeps of a sign-in by a provider. */
export interface ProviderDetails {
  readonly provider: string;
  /** `new`: made by this sign-in; `linked`: there already, and for the first time by this issuer. */
  readonly user: 'known' | 'linked' | 'new';
  /** In how many groups the provider names the user, or why the last known ones stay. */
  readonly groups: number | `last known: ${string}`;
}

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'session.opened': { door: SessionDoor; address: string | null } & Partial<ProviderDetails>;
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
  async prepare({ input, services, client, requestId }): Promise<Right> {
    const { email, password } = input;
    const attempt: Attempt = { door: 'password', account: email, address: client.address };
    const holder = await findPasswordHolder(services.store.db, email);
    const refused = { holder, client, requestId };
    await demandAttempt(services, attempt, refused);
    const right = await verifyPassword(password, holder?.passwordHash ?? null);
    if (!right || !holder?.active) {
      services.attempts.failed(attempt);
      await auditRefusedSignIn(services, refusalOf(refused, reasonOf(holder)));
      throw new SignInRefusedError();
    }
    services.attempts.succeeded(attempt);
    return { refused, holder, newHash: isWeakHash(holder.passwordHash!) ? await hashPassword(password) : null };
  },
  async run({
    tx,
    prepared,
    principal,
    client,
    services,
    record,
  }): Promise<{ email: string; session: Session; secret: string }> {
    const { refused, holder, newHash } = prepared;
    const now = await findPasswordHolder(tx.db, holder.email);
    if (!now?.active || now.userId !== holder.userId || now.passwordHash !== holder.passwordHash) {
      noteRefusedSignIn(services, refusalOf(refused, 'changed in the meantime'));
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

/** A password that was right, of an active user. */
interface Right {
  readonly holder: PasswordHolder;
  readonly newHash: string | null;
  /** What is audited when it is right no longer. */
  readonly refused: Refused;
}

async function demandAttempt(services: Services, attempt: Attempt, refused: Refused): Promise<void> {
  try {
    services.attempts.demand(attempt);
  } catch (error) {
    if (error instanceof TooManyAttemptsError && error.first) {
      await auditRefusedSignIn(services, refusalOf(refused, 'too many attempts'));
    }
    throw error;
  }
}

function reasonOf(holder: PasswordHolder | null): string {
  if (!holder) return 'unknown account';
  if (!holder.active) return 'inactive account';
  return holder.passwordHash === null ? 'account without password' : 'wrong password';
}

function refusalOf({ holder, client, requestId }: Refused, reason: string): RefusedSignIn {
  const user = holder && { id: holder.userId, email: holder.email };
  return { door: 'password', reason, user, client, requestId };
}
