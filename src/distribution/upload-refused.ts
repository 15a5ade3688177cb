import { Failure } from '../kernel/errors.ts';
import { uploadLimits, type UploadLimits } from './upload.ts';

type Status = 400 | 403 | 404 | 413 | 422 | 429 | 507;

/** A file is not taken, for the reason that `status` (of HTTP) tells. */
export class UploadRefusedError extends Failure {
  readonly code = 'UPLOAD_REFUSED';
  readonly status: Status;

  constructor(status: Status, message: string) {
    super(message);
    this.status = status;
  }
}

/** The file is larger than one may be. */
export function fileTooLarge({ fileBytes }: UploadLimits = uploadLimits): UploadRefusedError {
  return new UploadRefusedError(413, `A file may have ${fileBytes} bytes at most.`);
}

/** The person keeps as much as one person may. */
export function noRoomLeft({ personBytes, personFiles }: UploadLimits = uploadLimits): UploadRefusedError {
  return new UploadRefusedError(
    507,
    `A person may keep ${personBytes} bytes in ${personFiles} files at most; remove some with \`da uploads remove\`.`,
  );
}
