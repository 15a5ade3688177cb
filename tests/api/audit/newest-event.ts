import type { AuditEvent } from '../../../src/audit/audit-event.ts';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import type { TestServer } from '../../kit/server.ts';

/** The newest audit row of a change, without what differs from run to run. */
export async function newestEvent(server: TestServer) {
  const [event] = await changes(server);
  if (!event) throw new Error('Nothing was changed.');
  const { actor, credential, action, resource, details } = event;
  return { actor, credential, action, resource, details };
}

/** How many audit rows of changes there are. */
export async function eventCount(server: TestServer): Promise<number> {
  return (await changes(server)).length;
}

/** What is not a change: rows of these come later, in batches. */
export const batchedActions: ReadonlySet<string> = new Set([
  'statement.executed',
  'export.downloaded',
  'session.refused',
  'credential.refused',
  'token.usedFromNewAddress',
  'device.usedFromNewAddress',
]);

async function changes(server: TestServer): Promise<AuditEvent[]> {
  const events = await listAuditEvents(server.open.services.store, { limit: 100_000 });
  return events.filter(({ action }) => !batchedActions.has(action));
}
