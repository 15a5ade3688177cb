import type { Principal } from '../operation/principal.ts';

/** What a file is that somebody sent. */
export type UploadKind = 'note' | 'sessionLog';

/** A file that somebody sent from a laptop; its content never changes. */
export interface Upload {
  readonly id: string;
  readonly userId: string;
  readonly kind: UploadKind;
  /** Its path in the workspace it came from. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Of the content, in hex; a person has each content once. */
  readonly sha256: string;
  readonly storedAt: Date;
}

/** Topic of the outbox: a row is gone, and its file must go. */
export const uploadTopic = 'upload';

/** An event of `uploadTopic`. */
export interface UploadEvent {
  readonly op: 'drop';
  readonly row: { readonly id: string };
}

/** What one file, and all files of one person, may take. */
export interface UploadLimits {
  readonly fileBytes: number;
  readonly personBytes: number;
  readonly personFiles: number;
  /** Requests of one person at once. */
  readonly atOnce: number;
}

export const uploadLimits: UploadLimits = {
  fileBytes: 64 * 2 ** 20,
  personBytes: 2 ** 30,
  personFiles: 10_000,
  atOnce: 4,
};

/** How much a person keeps. */
export interface UploadUse {
  readonly bytes: number;
  readonly files: number;
}

/**
 * Whether this principal may see and remove what this person sent, and send as this person. Notes and logs may hold anything
 * that the person could read, so a token that is limited to tables or roles is kept away from them, unless it administers.
 */
export function mayUseUploadsOf(principal: Principal, userId: string): boolean {
  if (principal.roles.has('core.admin')) return true;
  const { narrowing } = principal;
  return principal.userId === userId && (!narrowing || (narrowing.tableIds === null && narrowing.roleKeys === null));
}
