import type { AuditActions } from '../audit/audit-action.ts';
import { newId } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';

type DownloadAction = 'export.downloaded' | 'table.downloaded' | 'upload.downloaded';

/** How a download ended. */
export interface Sent {
  readonly bytes: number;
  readonly complete: boolean;
  readonly requestId: string;
}

/** Puts a download that has ended into the audit, in the next batch. */
export function addDownload<Action extends DownloadAction>(
  services: Services,
  download: {
    action: Action;
    resource: string;
    principal: Principal;
    details: AuditActions[Action];
    requestId: string;
  },
): void {
  const { action, resource, principal, details, requestId } = download;
  services.auditBatch.add({
    id: newId(),
    at: services.clock.now(),
    actorId: principal.userId,
    actor: principal.email,
    credential: principal.credential.kind,
    action,
    resource,
    details,
    requestId,
  });
}
