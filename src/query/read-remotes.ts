import type { Services } from '../operation/services.ts';
import { auditRemotes, type Spender } from './audit-remotes.ts';
import type { RemoteBill } from './remote-order.ts';
import type { Reading } from './remote-reader.ts';

/** Reads orders, uses their rows, and writes what it cost to the audit, also when it failed; then throws that failure. */
export async function readRemotes<Result>(
  services: Services,
  given: Omit<Reading<Result>, 'userId'> & { spender: Spender; requestId: string; statement: string },
): Promise<{ result: Result; bills: readonly RemoteBill[] }> {
  const { spender, requestId, statement, ...reading } = given;
  const outcome = await services.remoteReader.read({ ...reading, userId: spender.userId });
  const { bills } = outcome;
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  await auditRemotes(services, { spender, requestId, statement, bills, failure });
  if ('failure' in outcome) throw outcome.failure;
  return { result: outcome.result, bills };
}
