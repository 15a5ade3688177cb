import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { revokeStoredToken, selectToken } from './token.store.ts';
import type { Token } from './token.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'token.revoked': { name: string; userId: string };
  }
}

/** Ends a token of the caller, or anybody's for an administrator. Somebody else's token does not exist for others. */
export const revokeToken = defineOperation({
  rule: { signedIn: true },
  event: 'token.revoked',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, principal, record }): Promise<Token> {
    const token = await selectToken(tx.db, input.id);
    const mayRevoke = token && (token.userId === principal!.userId || principal!.roles.has('core.admin'));
    if (!mayRevoke || token.revokedAt) throw new NotFoundError('There is no live token with this id.');
    await revokeStoredToken(tx, token);
    record({ resource: `token:${token.id}`, details: { name: token.name, userId: token.userId } });
    return { ...token, revokedAt: tx.at };
  },
});
