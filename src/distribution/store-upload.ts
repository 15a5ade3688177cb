import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { noRoomLeft, UploadRefusedError } from './upload-refused.ts';
import { mayUseUploadsOf, uploadLimits, type Upload, type UploadKind } from './upload.ts';
import { insertUpload, selectUploadsWith, selectUploadUse } from './upload.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'upload.stored': { kind: UploadKind; name: string; sizeBytes: number; sha256: string };
  }
}

/** The same content came by another request at the same time. */
export class StoredMeanwhileError extends Error {
  readonly upload: Upload;

  constructor(upload: Upload) {
    super('stored meanwhile');
    this.upload = upload;
  }
}

const name = z
  .string()
  .min(1)
  .max(500)
  // oxlint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f\\]+$/, 'A name has no control characters and no backslash.')
  .refine(
    (path) => path.split('/').every((part) => !['', '.', '..'].includes(part)),
    'Give a path inside a workspace.',
  );

/** What a file that is to be stored says of itself. */
export const uploadInput = z.strictObject({
  kind: z.enum(['note', 'sessionLog']),
  name,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'Give the SHA-256 in lower-case hex.'),
});

/** Makes the file that is on disk under `id` one of the caller; throws an `UploadRefusedError` when there is no room. */
export const storeUpload = defineOperation({
  rule: { role: 'core.viewer' },
  event: 'upload.stored',
  input: uploadInput.extend({ id: z.string(), sizeBytes: z.int().min(0) }),
  async run({ tx, input, principal, record }): Promise<Upload> {
    const { userId } = principal!;
    if (!mayUseUploadsOf(principal!, userId)) throw limitedToken();
    const [before] = await selectUploadsWith(tx.db, { userId, sha256: [input.sha256] });
    if (before) throw new StoredMeanwhileError(before);
    const use = await selectUploadUse(tx.db, userId);
    const { personBytes, personFiles } = uploadLimits;
    if (use.bytes + input.sizeBytes > personBytes || use.files >= personFiles) throw noRoomLeft();
    const row: Upload = { ...input, userId, storedAt: tx.at };
    await insertUpload(tx, row);
    const { kind, name: path, sizeBytes, sha256 } = input;
    record({ resource: `upload:${row.id}`, details: { kind, name: path, sizeBytes, sha256 } });
    return row;
  },
});

/** What a token is told that gives up too much of its owner's rights to touch uploads. */
export function limitedToken(): UploadRefusedError {
  return new UploadRefusedError(403, 'A token that is limited to tables or roles stores no notes and no logs.');
}
