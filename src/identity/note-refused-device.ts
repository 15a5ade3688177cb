import { newId } from '../kernel/ids.ts';
import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'device.refused': { door: DeviceDoor; reason: string; times: number; address: string | null };
  }
}

/** Where devices ask to be let in, and what they show there. */
export type DeviceDoor = 'code' | 'deviceCode' | 'refreshToken';

/**
 * Audits that a device was refused, in the next batch: the first for this reason at once, those of the minute after it together
 * with the next one, so that a stranger fills no audit. What was shown is never in it.
 */
export function noteRefusedDevice(
  services: Services,
  { door, reason, client, requestId }: { door: DeviceDoor; reason: string; client: Client; requestId: string },
): void {
  const at = services.clock.now();
  const times = services.refusalCounts.count(`device ${door} ${reason}`, at);
  if (times === 0) return;
  services.auditBatch.add({
    id: newId(),
    at,
    actorId: null,
    actor: 'nobody',
    credential: 'none',
    action: 'device.refused',
    resource: 'door:device',
    details: { door, reason, times, address: client.address },
    requestId,
  });
}
