import { currentPrincipal } from '../identity/authenticate.ts';
import { newId } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { readUpload } from './read-uploads.ts';
import { DownloadRefusedError } from './signed-download.ts';
import { mayUseUploadsOf, type Upload } from './upload.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'upload.downloaded': { userId: string; name: string; bytes: number; complete: boolean };
  }
}

/** The content of an upload that may be sent. */
export interface UploadDownload {
  readonly upload: Upload;
  readonly principal: Principal;
  /** Whether it may go on: asked anew before each piece of the answer. */
  allowed(): boolean;
}

/** An upload that the principal may see now; throws a `DownloadRefusedError` with 404 otherwise, whatever the reason. */
export async function openUpload(
  services: Services,
  { principal, id }: { principal: Principal; id: string },
): Promise<UploadDownload> {
  const upload = await readUpload(services, { id, principal });
  function allowed(): boolean {
    const now = currentPrincipal(services, principal);
    return now !== null && now.roles.has('core.viewer') && mayUseUploadsOf(now, upload!.userId);
  }
  if (!upload || !allowed()) throw new DownloadRefusedError(404, 'There is no such upload.');
  return { upload, principal, allowed };
}

/** Puts a download that has ended into the audit, in the next batch. */
export function auditUploadDownload(
  services: Services,
  { upload, principal }: UploadDownload,
  sent: { bytes: number; complete: boolean; requestId: string },
): void {
  const { bytes, complete, requestId } = sent;
  services.auditBatch.add({
    id: newId(),
    at: services.clock.now(),
    actorId: principal.userId,
    actor: principal.email,
    credential: principal.credential.kind,
    action: 'upload.downloaded',
    resource: `upload:${upload.id}`,
    details: { userId: upload.userId, name: upload.name, bytes, complete },
    requestId,
  });
}
