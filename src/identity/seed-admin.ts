import { z } from 'zod';
import { giveLastingGrant } from '../access/give-lasting-grant.ts';
import { ConfigurationError, type Config } from '../kernel/config.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation, runOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { addUser } from '../people/add-user.ts';
import { changeUser, demandUser } from '../people/change-user.ts';
import { findPasswordHolder, writePasswordHash } from '../people/password-hash.ts';
import { emailAddress } from '../people/user.ts';
import { systemPrincipal } from './authenticate.ts';
import { deleteOneTimeSecrets } from './one-time-secret.store.ts';
import { hashPassword, newPassword } from './password.ts';
import { deleteSessionsOf } from './session.store.ts';
import { setupNeeded, setupPurpose } from './setup.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'instance.administratorSeeded': { email: string };
  }
}

const seeding = defineOperation({
  rule: { role: 'core.admin' },
  event: 'instance.administratorSeeded',
  input: z.strictObject({ email: emailAddress, passwordHash: z.string() }),
  async run({ tx, input, record }): Promise<void> {
    const { email, passwordHash } = input;
    const holder = await findPasswordHolder(tx.db, email);
    const user = holder
      ? await changeUser(tx, await demandUser(tx, holder.userId), { active: true })
      : await addUser(tx, { email, name: null });
    await writePasswordHash(tx, user.id, passwordHash);
    await deleteSessionsOf(tx, user.id);
    await giveLastingGrant(tx, { userId: user.id, roleKey: 'core.admin' });
    await deleteOneTimeSecrets(tx, setupPurpose);
    record({ resource: `user:${user.id}`, details: { email } });
  },
});

/**
 * Makes the administrator that the configuration names, on an instance without an active one; others are left alone. Throws
 * a `ConfigurationError` when the password will not do.
 */
export async function seedAdmin(services: Services, seed: Config['seedAdmin']): Promise<void> {
  if (seed === null || !setupNeeded(services)) return;
  const password = newPassword.safeParse(seed.password);
  if (!password.success) {
    throw new ConfigurationError(`SEED_ADMIN_PASSWORD: ${password.error.issues[0]!.message}`);
  }
  const input = { email: seed.email, passwordHash: await hashPassword(password.data) };
  await runOperation(seeding, { input, caller: { principal: systemPrincipal, requestId: newId() }, services });
}
