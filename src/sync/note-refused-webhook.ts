import { newId } from '../kernel/ids.ts';
import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'webhook.refused': { status: number; times: number; address: string | null };
  }
}

/**
 * Audits a refused webhook in the next batch: the first of a kind at once, those of the minute after it together with the next
 * one. What has no source is one kind, whatever name was asked for.
 */
export function noteRefusedWebhook(
  services: Services,
  refused: { source: Source | null; status: number; client: Client; requestId: string },
): void {
  const { source, status, client, requestId } = refused;
  const at = services.clock.now();
  const resource = source ? `source:${source.id}` : 'door:webhooks';
  const times = services.refusalCounts.count(`webhook ${resource} ${status}`, at);
  if (times === 0) return;
  services.auditBatch.add({
    id: newId(),
    at,
    actorId: null,
    actor: 'nobody',
    credential: 'none',
    action: 'webhook.refused',
    resource,
    details: { status, times, address: client.address },
    requestId,
  });
}
