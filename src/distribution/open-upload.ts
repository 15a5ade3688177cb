import { currentPrincipal } from '../identity/authenticate.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { addDownload, type Sent } from './audit-download.ts';
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
  { bytes, complete, requestId }: Sent,
): void {
  addDownload(services, {
    action: 'upload.downloaded',
    resource: `upload:${upload.id}`,
    principal,
    details: { userId: upload.userId, name: upload.name, bytes, complete },
    requestId,
  });
}
