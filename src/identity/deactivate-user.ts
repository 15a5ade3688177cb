import { z } from 'zod';
import { ConflictError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { changeUser, demandUser } from '../people/change-user.ts';
import type { User } from '../people/user.ts';
import { deleteSecretsOf } from './one-time-secret.store.ts';
import { deleteRequestsApprovedBy } from './device-request.store.ts';
import { deleteDevicesOf } from './device.store.ts';
import { deleteSessionsOf } from './session.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'user.deactivated': { email: string; sessions: number; devices: number };
  }
}

/**
 * Shuts a user out: from the commit on no credential and no role of the user counts, on open sockets neither. Sessions, devices and
 * open links end for good; tokens and grants are kept, and count again once the user is activated.
 */
export const deactivateUser = defineOperation({
  rule: { role: 'core.admin' },
  event: 'user.deactivated',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, principal, record }): Promise<User> {
    const before = await demandUser(tx, input.id);
    if (before.id === principal!.userId) {
      throw new ConflictError('You cannot deactivate yourself; ask another administrator.');
    }
    const user = await changeUser(tx, before, { active: false });
    await deleteSecretsOf(tx, user.id);
    const sessions = await deleteSessionsOf(tx, user.id);
    const devices = await deleteDevicesOf(tx, user.id);
    await deleteRequestsApprovedBy(tx, user.id);
    record({ resource: `user:${user.id}`, details: { email: user.email, sessions, devices } });
    return user;
  },
});
