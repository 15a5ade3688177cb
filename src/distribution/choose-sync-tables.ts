import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteSyncChoice, replaceSyncChoice } from './sync-choice.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    /** `tables` are SQL names; null: all. */
    'syncChoice.changed': { tables: string[] | null };
  }
}

declare module '../sharing/delete-user.ts' {
  interface RemovedWithUser {
    readonly syncChoices: number;
  }
}

/** Says which tables the caller wants on their laptops; null: all that they may read, also those that come later. */
export const chooseSyncTables = defineOperation({
  rule: { role: 'core.viewer' },
  event: 'syncChoice.changed',
  input: z.strictObject({ tableIds: z.array(z.string()).max(10_000).nullable() }),
  async run({ tx, input, principal, services, record }): Promise<void> {
    const { userId } = principal!;
    const tableIds = input.tableIds && [...new Set(input.tableIds)];
    const readable = services.tableAccess.readableSet(principal!);
    const tables = tableIds?.map((id) => {
      const table = readable.has(id) ? services.registry.table(id) : null;
      if (!table) throw new NotFoundError(`There is no table ${JSON.stringify(id.slice(0, 100))} that you may read.`);
      return table.sqlName;
    });
    await replaceSyncChoice(tx, { userId, tableIds });
    record({ resource: `user:${userId}`, details: { tables: tables ?? null } });
  },
});

/** Removes a user’s choice inside a transaction. */
export async function removeSyncChoiceOf(tx: WriteTransaction, userId: string): Promise<{ syncChoices: number }> {
  return { syncChoices: await deleteSyncChoice(tx, userId) };
}
