import type { GrantPeriod } from '../access/role-grant.ts';
import type { GrantScope } from './grant-scope.ts';

/** A user or a role may, or must not, read what the scope covers. */
export interface TableGrant extends GrantPeriod {
  readonly id: string;
  readonly scope: GrantScope;
  readonly granteeKind: 'user' | 'role';
  /** A user's id or a role's key. */
  readonly granteeId: string;
  readonly effect: 'allow' | 'deny';
  /** The actor as the audit names it. */
  readonly grantedBy: string;
  readonly grantedAt: Date;
}

/** What access needs to know of a table. */
export interface AccessTable {
  readonly id: string;
  readonly sourceId: string;
  readonly bucket: string | null;
  readonly isPublic: boolean;
}

/** The stored facts that table access follows from, besides the users' roles. */
export interface TableAccessSnapshot {
  readonly tables: Iterable<AccessTable>;
  readonly tableGrants: Iterable<TableGrant>;
}

/** One changed row; `put` adds it or takes the place of the row with the same id. */
export type TableAccessChange =
  | { readonly kind: 'table'; readonly op: 'put'; readonly row: AccessTable }
  | { readonly kind: 'table'; readonly op: 'drop'; readonly row: Pick<AccessTable, 'id'> }
  | { readonly kind: 'tableGrant'; readonly op: 'put'; readonly row: TableGrant }
  | { readonly kind: 'tableGrant'; readonly op: 'drop'; readonly row: Pick<TableGrant, 'id'> };
