import { currentPrincipal } from '../identity/authenticate.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { addDownload, type Sent } from './audit-download.ts';
import { mayKnow, ownerMayHave } from './exported-tables.ts';
import type { Export } from './export.ts';
import { exportPath, hasFile, readExport } from './read-exports.ts';
import { DownloadRefusedError, noLongerAllowed, principalOfSignedUrl } from './signed-download.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'export.downloaded': { format: Export['format']; bytes: number; complete: boolean };
  }
}

/** A download that may begin. */
export interface Download {
  readonly row: Export;
  readonly principal: Principal;
  /** Whether it may go on: asked anew before each piece of the file. */
  allowed(): boolean;
}

/**
 * Checks a signed URL: its signature, its end, the person, the credential and every table in the file. Throws a
 * `DownloadRefusedError`. A download that has begun may outlast the URL, and nothing else.
 */
export async function openDownload(
  services: Services,
  given: { id: string; query: URLSearchParams },
): Promise<Download> {
  const { id, query } = given;
  const principal = principalOfSignedUrl(services, { path: exportPath(id), query });
  const row = await readExport(services, { id, principal });
  if (!row) throw new DownloadRefusedError(404, 'There is no such export.');
  if (!hasFile(row, services.clock.now())) throw new DownloadRefusedError(410, 'The export has no file, or no longer.');
  const download = {
    row,
    principal,
    allowed() {
      const now = currentPrincipal(services, principal);
      return (
        now !== null && mayKnow(services, now, row) && ownerMayHave(services, row) && hasFile(row, services.clock.now())
      );
    },
  };
  if (!download.allowed()) throw noLongerAllowed();
  return download;
}

/** Puts a download that has ended into the audit, in the next batch. */
export function auditDownload(
  services: Services,
  { row, principal }: Download,
  { bytes, complete, requestId }: Sent,
): void {
  addDownload(services, {
    action: 'export.downloaded',
    resource: `export:${row.id}`,
    principal,
    details: { format: row.format, bytes, complete },
    requestId,
  });
}
