import { z } from 'zod';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { AccessRequest } from './access-request.ts';
import { hasPendingRequest, insertAccessRequest } from './access-request.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'accessRequest.made': { requestId: string; sqlName: string; reason: string };
  }
}

/**
 * Asks the administrators to let the caller read a table. It takes the table's id and nothing else: ids are 122 random bits,
 * so who knows one was told of the table, while names could be guessed.
 */
export const requestTableAccess = defineOperation({
  rule: { role: 'core.viewer' },
  event: 'accessRequest.made',
  input: z.strictObject({
    tableId: z.string(),
    reason: z
      .string()
      .trim()
      .min(1, 'Say what you need the table for.')
      .max(2000, 'Say it in at most 2,000 characters.'),
  }),
  async run({ tx, input, principal, services, record }): Promise<AccessRequest> {
    const table = services.registry.table(input.tableId);
    if (!table) throw new NotFoundError('There is no table with this id.');
    const { userId } = principal!;
    if (services.tableAccess.canRead(principal!, table.id)) {
      throw new ConflictError(`You can read ${table.sqlName} already.`);
    }
    if (await hasPendingRequest(tx.db, { userId, tableId: table.id })) {
      throw new ConflictError('You have asked for this table already; your request has not been decided yet.');
    }
    const request: AccessRequest = {
      id: newId(),
      userId,
      tableId: table.id,
      reason: input.reason,
      status: 'pending',
      requestedAt: tx.at,
      decidedAt: null,
      decidedBy: null,
      note: null,
      expiresAt: null,
    };
    await insertAccessRequest(tx, request);
    const details = { requestId: request.id, sqlName: table.sqlName, reason: request.reason };
    record({ resource: `table:${table.id}`, details });
    return request;
  },
});
