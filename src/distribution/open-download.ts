import { currentPrincipal } from '../identity/authenticate.ts';
import { Failure } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { mayKnow, ownerMayHave } from './exported-tables.ts';
import type { Export } from './export.ts';
import { exportPath, hasFile, readExport } from './read-exports.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'export.downloaded': { format: Export['format']; bytes: number; complete: boolean };
  }
}

/** The URL of a download does not lead to a file, for the reason that `status` (of HTTP) tells. */
export class DownloadRefusedError extends Failure {
  readonly code = 'DOWNLOAD_REFUSED';
  readonly status: 403 | 404 | 410;

  constructor(status: 403 | 404 | 410, message: string) {
    super(message);
    this.status = status;
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
  const signed = services.urlSigner.read(exportPath(id), query);
  if (!signed) throw new DownloadRefusedError(403, 'This URL is not one that was given out; ask for the export again.');
  if (signed.expiresAt <= services.clock.now()) {
    throw new DownloadRefusedError(410, 'This URL has ended; ask for the export’s URL again.');
  }
  const principal = currentPrincipal(services, { ...signed, email: '', roles: new Set() });
  if (!principal) throw noLongerAllowed();
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
  sent: { bytes: number; complete: boolean; requestId: string },
): void {
  const { bytes, complete, requestId } = sent;
  services.auditBatch.add({
    id: newId(),
    at: services.clock.now(),
    actorId: principal.userId,
    actor: principal.email,
    credential: principal.credential.kind,
    action: 'export.downloaded',
    resource: `export:${row.id}`,
    details: { format: row.format, bytes, complete },
    requestId,
  });
}

function noLongerAllowed(): DownloadRefusedError {
  return new DownloadRefusedError(403, 'This file is no longer yours to read: a right or a sign-in it needs is gone.');
}
