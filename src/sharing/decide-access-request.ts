import { z } from 'zod';
import { ConflictError, InvalidInputError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { AccessRequest } from './access-request.ts';
import { selectAccessRequests, updateAccessRequest } from './access-request.store.ts';
import { addTableGrant, type NewTableGrant } from './add-table-grant.ts';
import { describeScope } from './grant-scope.ts';
import type { TableGrant } from './table-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'accessRequest.decided': {
      requestId: string;
      decision: 'approve' | 'deny';
      userId: string;
      note: string | null;
      expiresAt: string | null;
      grantId: string | null;
    };
  }
}

/** A request with its decision, and the grant that an approval made. */
export interface DecidedAccessRequest {
  readonly request: AccessRequest;
  readonly grant: TableGrant | null;
}

/** Approves a pending request, with a grant on the table to who asked, or denies it. */
export const decideAccessRequest = defineOperation({
  rule: { role: 'core.admin' },
  event: 'accessRequest.decided',
  input: z.strictObject({
    id: z.string(),
    decision: z.enum(['approve', 'deny']),
    note: z.string().trim().max(2000, 'Say it in at most 2,000 characters.').nullish(),
    expiresAt: z.date().nullish(),
  }),
  async run({ tx, input, principal, services, record }): Promise<DecidedAccessRequest> {
    const [request] = await selectAccessRequests(tx.db, [input.id]);
    if (!request) throw new NotFoundError('There is no access request with this id.');
    if (request.status !== 'pending') {
      throw new ConflictError(`This request was ${request.status} by ${request.decidedBy} already.`);
    }
    const { decision, expiresAt = null } = input;
    if (decision === 'deny' && expiresAt) {
      throw new InvalidInputError([{ path: 'expiresAt', message: 'A denied request gives nothing that could end.' }]);
    }
    const decidedBy = principal!.email;
    const grant =
      decision === 'approve'
        ? await addTableGrant(tx, grantFor(services, { request, expiresAt, grantedBy: decidedBy }))
        : null;
    const decided: AccessRequest = {
      ...request,
      status: grant ? 'approved' : 'denied',
      decidedAt: tx.at,
      decidedBy,
      note: input.note || null,
      expiresAt,
    };
    await updateAccessRequest(tx, decided);
    record({
      resource: `table:${request.tableId}`,
      details: {
        requestId: request.id,
        decision,
        userId: request.userId,
        note: decided.note,
        expiresAt: expiresAt?.toISOString() ?? null,
        grantId: grant?.id ?? null,
      },
    });
    return { request: decided, grant };
  },
});

/** The grant that approves; throws a `ConflictError` when it would not let the asker read. */
function grantFor(
  services: Services,
  given: { request: AccessRequest; expiresAt: Date | null; grantedBy: string },
): NewTableGrant {
  const { request, expiresAt, grantedBy } = given;
  const { userId, tableId } = request;
  const user = services.accessIndex.user(userId);
  const table = services.registry.table(tableId);
  if (!user || !table) throw new NotFoundError('Who asked, or the table, is gone.');
  if (!user.active) throw new ConflictError(`${user.email} is not active; activate the user first, or deny.`);
  const [denial] = services.tableAccess.explain(userId, tableId).filter(({ effect }) => effect === 'deny');
  if (denial?.kind === 'grant') throw new ConflictError(describeDenial(services, user.email, denial.grant));
  const scope = { kind: 'table', tableId } as const;
  return {
    scope,
    scopeLabel: describeScope(services, scope),
    granteeKind: 'user',
    granteeId: userId,
    granteeLabel: user.email,
    effect: 'allow',
    startsAt: null,
    expiresAt,
    grantedBy,
  };
}

function describeDenial(services: Services, email: string, { scope, granteeKind, granteeId }: TableGrant): string {
  const whom = granteeKind === 'user' ? email : `the role ${granteeId}`;
  return `A denial on ${describeScope(services, scope)} to ${whom} stands against it; revoke that first, or deny.`;
}
