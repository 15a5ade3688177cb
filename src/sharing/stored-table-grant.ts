import type { TableGrant } from './table-grant.ts';

/** A table grant with who gave it and when. */
export interface StoredTableGrant extends TableGrant {
  readonly grantedBy: string;
  readonly grantedAt: Date;
}
