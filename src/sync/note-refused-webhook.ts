import { newId } from '../kernel/ids.ts';
import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'webhook.refused': { status: number; times: number; address: string | null };
  }
}

declare module '../operation/services.ts' {
  interface Services {
    readonly webhookRefusals: WebhookRefusals;
  }
}

const quietMilliseconds = 60_000;

/** Counts refusals, so that a flood of them is one row of the audit a minute for each source and reason. */
export class WebhookRefusals {
  readonly #counted = new Map<string, { rowAt: number; since: number }>();

  /** How many refusals a row written now stands for; 0: none is written, because the last is less than a minute old. */
  count(key: string, at: Date): number {
    const now = at.getTime();
    const known = this.#counted.get(key);
    if (known && now - known.rowAt < quietMilliseconds) {
      known.since += 1;
      return 0;
    }
    this.#counted.set(key, { rowAt: now, since: 0 });
    return (known?.since ?? 0) + 1;
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
  const times = services.webhookRefusals.count(`${resource} ${status}`, at);
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
