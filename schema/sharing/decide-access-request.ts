import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { decideAccessRequest, type DecidedAccessRequest } from '../../src/sharing/decide-access-request.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { AccessRequest } from './access-request.ts';
import { TableGrant } from './table-grant.ts';

const AccessDecision = builder.enumType('AccessDecision', {
  description: 'What becomes of a request.',
  values: {
    APPROVE: { value: 'approve', description: 'The asker gets a grant on the table.' },
    DENY: { value: 'deny', description: 'The asker gets nothing.' },
  } as const,
});

const DecideAccessRequestInput = builder.inputType('DecideAccessRequestInput', {
  description: 'What becomes of which request.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global id of the request.' }),
    decision: t.field({ type: AccessDecision, required: true, description: 'What becomes of it.' }),
    note: t.string({ description: 'What the asker should know, at most 2,000 characters.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the approved access ends, by itself; never unless given.',
    }),
  }),
});

const DecideAccessRequestPayload = builder.objectRef<DecidedAccessRequest>('DecideAccessRequestPayload').implement({
  description: 'What was decided.',
  fields: (t) => ({
    request: t.expose('request', { type: AccessRequest, description: 'The request with its decision.' }),
    grant: t.expose('grant', {
      type: TableGrant,
      nullable: true,
      description: 'The grant that approving made; null when the request was denied.',
    }),
  }),
});

builder.mutationField('decideAccessRequest', (t) =>
  t.field({
    type: DecideAccessRequestPayload,
    nullable: true,
    description:
      'Approves or denies a pending request, once; the access counts from the answer on, and the asker is told.',
    authScopes: decideAccessRequest.rule,
    args: { input: t.arg({ type: DecideAccessRequestInput, required: true, description: 'Which request, and what.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: (_root, { input }, context) =>
      context.run(decideAccessRequest, { ...input, id: storedId('AccessRequest', input.id) }),
  }),
);
