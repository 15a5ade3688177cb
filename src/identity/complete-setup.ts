import { z } from 'zod';
import { addRoleGrant } from '../access/add-role-grant.ts';
import { Failure } from '../kernel/errors.ts';
import { sha256 } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { addUser } from '../people/add-user.ts';
import { emailAddress, personName } from '../people/user.ts';
import type { Attempt } from './attempts.ts';
import { deleteOneTimeSecrets, hasOneTimeSecret } from './one-time-secret.store.ts';
import { openSession } from './open-session.ts';
import { hashPassword, newPassword } from './password.ts';
import { setupNeeded, setupPurpose } from './setup.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'instance.setUp': { email: string };
  }
}

/** The setup link was used, is not one of ours, or the instance has an administrator. */
export class SetupClosedError extends Failure {
  readonly code = 'SETUP_CLOSED';

  constructor() {
    super(
      'This setup link is not valid, or setup is done already; the server prints a new link while it has no administrator.',
    );
  }
}

/** Makes the first administrator with a password and a session; possible with a setup secret and without an administrator. */
export const completeSetup = defineOperation({
  rule: { public: true },
  event: 'instance.setUp',
  input: z.strictObject({
    secret: z.string().max(200),
    email: emailAddress,
    name: personName.nullish(),
    password: newPassword,
  }),
  async prepare({ input, services, client }): Promise<{ passwordHash: string }> {
    const attempt: Attempt = { door: 'setup', account: null, address: client.address };
    services.attempts.demand(attempt);
    const open = await isOpen(services.store.db, input.secret);
    if (!open || !setupNeeded(services)) {
      services.attempts.failed(attempt);
      throw new SetupClosedError();
    }
    services.attempts.succeeded(attempt);
    return { passwordHash: await hashPassword(input.password) };
  },
  async run({
    tx,
    input,
    prepared,
    principal,
    client,
    services,
    record,
  }): Promise<{ email: string; sessionSecret: string; expiresAt: Date }> {
    if (!setupNeeded(services) || !(await isOpen(tx.db, input.secret))) throw new SetupClosedError();
    await deleteOneTimeSecrets(tx, setupPurpose);
    const user = await addUser(tx, {
      email: input.email,
      name: input.name ?? null,
      passwordHash: prepared.passwordHash,
    });
    await addRoleGrant(tx, { userId: user.id, roleKey: 'core.admin', source: 'system', grantedBy: 'system' });
    const opened = { userId: user.id, door: 'setup' as const, ...client, presented: principal };
    const { session, secret } = await openSession(tx, opened);
    record({ resource: `user:${user.id}`, details: { email: user.email }, actor: user });
    return { email: user.email, sessionSecret: secret, expiresAt: session.expiresAt };
  },
});

function isOpen(db: Parameters<typeof hasOneTimeSecret>[0], secret: string): Promise<boolean> {
  return hasOneTimeSecret(db, setupPurpose, sha256(secret));
}
