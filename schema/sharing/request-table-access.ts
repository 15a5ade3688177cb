import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import type { AccessRequest as AccessRequestRow } from '../../src/sharing/access-request.ts';
import { requestTableAccess } from '../../src/sharing/request-table-access.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { AccessRequest } from './access-request.ts';

const RequestTableAccessInput = builder.inputType('RequestTableAccessInput', {
  description: 'Which table to ask for, and why.',
  fields: (t) => ({
    tableId: t.id({
      required: true,
      description: 'Global id of the table, as a colleague or a link gives it; its name is not enough.',
    }),
    reason: t.string({ required: true, description: 'What you need it for, 1 to 2,000 characters.' }),
  }),
});

const RequestTableAccessPayload = builder
  .objectRef<{ request: AccessRequestRow }>('RequestTableAccessPayload')
  .implement({
    description: 'The request that was made.',
    fields: (t) => ({ request: t.expose('request', { type: AccessRequest, description: 'The new request.' }) }),
  });

builder.mutationField('requestTableAccess', (t) =>
  t.field({
    type: RequestTableAccessPayload,
    nullable: true,
    description: 'Asks the administrators to let you read a table.',
    authScopes: requestTableAccess.rule,
    args: { input: t.arg({ type: RequestTableAccessInput, required: true, description: 'Which table, and why.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      request: await context.run(requestTableAccess, { ...input, tableId: storedId('Table', input.tableId) }),
    }),
  }),
);
