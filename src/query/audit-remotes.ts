import { recordAuditEvent } from '../audit/record-audit-event.ts';
import { newId } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { RemoteBill } from './remote-order.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    /** What a statement read at sources and what that cost, also when it failed; never what it answered. */
    'remote.read': { statement: string; remotes: readonly RemoteBill[]; failure: string | null };
  }
}

/** Who reads remotely, as an audit row names it. */
export type Spender = Pick<Principal, 'userId' | 'email' | 'credential'>;

/** Writes the bills of one reading in a transaction of their own, whatever became of the statement. */
export async function auditRemotes(
  services: Services,
  given: {
    spender: Spender;
    requestId: string;
    statement: string;
    bills: readonly RemoteBill[];
    failure: unknown;
  },
): Promise<void> {
  const { spender, requestId, statement, bills, failure = null } = given;
  await services.store.write((tx) =>
    recordAuditEvent(tx, {
      id: newId(),
      at: tx.at,
      actorId: spender.userId,
      actor: spender.email,
      credential: spender.credential.kind,
      action: 'remote.read',
      resource: `user:${spender.userId}`,
      details: { statement, remotes: bills, failure: failure && (failure as Error).message },
      requestId,
    }),
  );
}
