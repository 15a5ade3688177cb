import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { deleteTableGrant, selectTableGrant } from './table-grant.store.ts';
import type { StoredTableGrant } from './stored-table-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'tableGrant.revoked': {
      tableId: string;
      granteeKind: string;
      granteeId: string;
      effect: StoredTableGrant['effect'];
    };
  }
}

/** Takes a table grant away; it counts for every request, statement and event from its commit on. */
export const revokeTableAccess = defineOperation({
  rule: { role: 'core.admin' },
  event: 'tableGrant.revoked',
  input: z.strictObject({ grantId: z.string() }),
  async run({ tx, input, record }): Promise<StoredTableGrant> {
    const grant = await selectTableGrant(tx.db, input.grantId);
    if (!grant) throw new NotFoundError('There is no table grant with this id.');
    await deleteTableGrant(tx, grant);
    const { tableId, granteeKind, granteeId, effect } = grant;
    record({ resource: `table:${tableId}`, details: { tableId, granteeKind, granteeId, effect } });
    return grant;
  },
});
