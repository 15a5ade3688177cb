import { longestSignedMilliseconds } from '../identity/signing-keys.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { mayUseUploadsOf, uploadLimits, type Upload } from './upload.ts';
import { selectUpload, selectUploads, selectUploadsWith, selectUploadUse } from './upload.store.ts';

/** At most `limit` uploads of one user, or of everybody, newest first, from behind `before` on, as far as the principal may see them. */
export async function listUploads(
  services: Services,
  page: {
    principal: Principal;
    limit: number;
    before?: { at: Date; id: string } | undefined;
    userId?: string | undefined;
  },
): Promise<Upload[]> {
  const { principal, limit, before, userId } = page;
  if (!mayUseUploadsOf(principal, userId ?? '')) return [];
  return selectUploads(services.store.db, {
    limit,
    ...(before && { before }),
    ...(userId !== undefined && { userId }),
  });
}

/** The upload with this id, when the principal may see it; null otherwise. */
export async function readUpload(
  services: Services,
  { id, principal }: { id: string; principal: Principal },
): Promise<Upload | null> {
  const upload = await selectUpload(services.store.db, id);
  return upload && mayUseUploadsOf(principal, upload.userId) ? upload : null;
}

/** Which of these contents the principal has sent already. */
export async function readUploadsWith(
  services: Services,
  { principal, sha256 }: { principal: Principal; sha256: readonly string[] },
): Promise<Upload[]> {
  const { userId } = principal;
  return mayUseUploadsOf(principal, userId) ? selectUploadsWith(services.store.db, { userId, sha256 }) : [];
}

/** How large a file may be, and how much more the principal may send. */
export async function readUploadRoom(
  services: Services,
  principal: Principal,
): Promise<{ fileBytes: number; leftBytes: number }> {
  const { fileBytes, personBytes, personFiles } = uploadLimits;
  const use = await selectUploadUse(services.store.db, principal.userId);
  return { fileBytes, leftBytes: use.files < personFiles ? Math.max(0, personBytes - use.bytes) : 0 };
}

/** Path and query under which this principal can fetch the content without any header, for an hour. */
export function signedUploadPath(services: Services, { id }: Upload, { userId, credential }: Principal): string {
  const expiresAt = new Date(services.clock.now().getTime() + longestSignedMilliseconds);
  return services.urlSigner.sign(uploadPath(id), { userId, credential, expiresAt });
}

/** The path of an upload's content. */
export function uploadPath(id: string): string {
  return `/uploads/${id}`;
}
