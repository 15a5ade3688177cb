import { z } from 'zod';
import { ForbiddenError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'backup.taken': { address: string | null };
  }
}

/**
 * Lets a whole administrator take a backup of the state, and writes that down before the first byte goes. A token that is limited in
 * any way may not: a backup holds everything.
 */
export const takeBackup = defineOperation({
  rule: { role: 'core.admin' },
  event: 'backup.taken',
  input: z.strictObject({}),
  async run({ principal, client, record }): Promise<void> {
    if (principal?.narrowing) throw new ForbiddenError('core.admin');
    record({ resource: 'instance', details: { address: client.address } });
  },
});
