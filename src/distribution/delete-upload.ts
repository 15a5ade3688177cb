import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { WriteTransaction } from '../store/store.ts';
import { mayUseUploadsOf, type Upload } from './upload.ts';
import { deleteStoredUpload, deleteUploadsOf, selectUpload } from './upload.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'upload.deleted': { userId: string; name: string; sizeBytes: number; sha256: string };
  }
}

declare module '../sharing/delete-user.ts' {
  interface RemovedWithUser {
    readonly uploads: number;
  }
}

/** Removes something that the caller sent, or anybody did for an administrator; its file goes after the commit. */
export const deleteUpload = defineOperation({
  rule: { role: 'core.viewer' },
  event: 'upload.deleted',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, principal, record }): Promise<Upload> {
    const upload = await selectUpload(tx.db, input.id);
    if (!upload || !mayUseUploadsOf(principal!, upload.userId)) {
      throw new NotFoundError('There is no upload with this id.');
    }
    await deleteStoredUpload(tx, upload.id);
    const { id, userId, name, sizeBytes, sha256 } = upload;
    record({ resource: `upload:${id}`, details: { userId, name, sizeBytes, sha256 } });
    return upload;
  },
});

/** Removes what a user sent inside a transaction; the files go after its commit. */
export async function removeUploadsOf(tx: WriteTransaction, userId: string): Promise<{ uploads: number }> {
  return { uploads: await deleteUploadsOf(tx, userId) };
}
