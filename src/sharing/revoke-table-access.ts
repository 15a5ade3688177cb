import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { auditedResource, type GrantScope } from './grant-scope.ts';
import { deleteTableGrant, selectTableGrant } from './table-grant.store.ts';
import type { TableGrant } from './table-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'tableGrant.revoked': {
      scope: GrantScope;
      granteeKind: string;
      granteeId: string;
      effect: TableGrant['effect'];
    };
  }
}

/** Takes a table grant away; it counts for every request, statement and event from its commit on. */
export const revokeTableAccess = defineOperation({
  rule: { role: 'core.admin' },
  event: 'tableGrant.revoked',
  input: z.strictObject({ grantId: z.string() }),
  async run({ tx, input, record }): Promise<TableGrant> {
    const grant = await selectTableGrant(tx.db, input.grantId);
    if (!grant) throw new NotFoundError('There is no table grant with this id.');
    await deleteTableGrant(tx, grant);
    const { scope, granteeKind, granteeId, effect } = grant;
    record({ resource: auditedResource(scope), details: { scope, granteeKind, granteeId, effect } });
    return grant;
  },
});
