import { currentPrincipal } from '../identity/authenticate.ts';
import { Failure } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';

/** The URL of a download does not lead to a file, for the reason that `status` (of HTTP) tells. */
export class DownloadRefusedError extends Failure {
  readonly code = 'DOWNLOAD_REFUSED';
  readonly status: 403 | 404 | 410;

  constructor(status: 403 | 404 | 410, message: string) {
    super(message);
    this.status = status;
  }
}

/** What somebody is told whose rights do not reach a file any more. */
export function noLongerAllowed(): DownloadRefusedError {
  return new DownloadRefusedError(403, 'This file is no longer yours to read: a right or a sign-in it needs is gone.');
}

/**
 * Who a signed URL speaks for, with the roles of now; throws a `DownloadRefusedError` when it is not one that was given out, has
 * ended, or was made with a credential that no longer counts.
 */
export function principalOfSignedUrl(
  services: Services,
  { path, query }: { path: string; query: URLSearchParams },
): Principal {
  const signed = services.urlSigner.read(path, query);
  if (!signed) throw new DownloadRefusedError(403, 'This URL is not one that was given out; ask for it again.');
  if (signed.expiresAt <= services.clock.now()) {
    throw new DownloadRefusedError(410, 'This URL has ended; ask for it again.');
  }
  const principal = currentPrincipal(services, { ...signed, email: '', roles: new Set() });
  if (!principal) throw noLongerAllowed();
  return principal;
}
