import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import {
  notificationTopic,
  type AccessRequest,
  type AccessRequestStatus,
  type Notification,
} from './access-request.ts';

declare module '../store/database.ts' {
  interface Database {
    access_requests: AccessRequestsTable;
  }
}

interface AccessRequestsTable {
  id: string;
  user_id: string;
  table_id: string;
  reason: string;
  status: AccessRequestStatus;
  requested_at: Date;
  decided_at: Date | null;
  decided_by: string | null;
  note: string | null;
  expires_at: Date | null;
}

/** Inserts a request and tells the administrators. */
export async function insertAccessRequest(tx: WriteTransaction, request: AccessRequest): Promise<void> {
  await tx.db.insertInto('access_requests').values(toRow(request)).execute();
  notify(tx, 'accessRequestMade', request);
}

/** Writes the decision about a request and tells the asker. */
export async function updateAccessRequest(tx: WriteTransaction, request: AccessRequest): Promise<void> {
  const { id, ...row } = toRow(request);
  await tx.db.updateTable('access_requests').set(row).where('id', '=', id).execute();
  notify(tx, 'accessRequestDecided', request);
}

function notify(tx: WriteTransaction, kind: Notification['kind'], { id, userId, tableId }: AccessRequest): void {
  tx.emit(notificationTopic, { kind, requestId: id, userId, tableId } satisfies Notification);
}

/** Removes every request of this user; resolves to how many there were. */
export async function deleteAccessRequestsOf(tx: WriteTransaction, userId: string): Promise<number> {
  const { numDeletedRows } = await tx.db
    .deleteFrom('access_requests')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Removes every request for this table; resolves to how many there were. */
export async function deleteAccessRequestsFor(tx: WriteTransaction, tableId: string): Promise<number> {
  const { numDeletedRows } = await tx.db
    .deleteFrom('access_requests')
    .where('table_id', '=', tableId)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** How many requests there are for these tables, decided ones too. */
export async function countAccessRequestsFor(db: Kysely<Database>, tableIds: readonly string[]): Promise<number> {
  if (tableIds.length === 0) return 0;
  const { count } = await db
    .selectFrom('access_requests')
    .select((select) => select.fn.countAll().as('count'))
    .where('table_id', 'in', tableIds)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The requests with these ids, in no particular order; unknown ids are left out. */
export async function selectAccessRequests(db: Kysely<Database>, ids: readonly string[]): Promise<AccessRequest[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('access_requests').selectAll().where('id', 'in', ids).execute()).map(toAccessRequest);
}

/** Whether this user has a request for this table that nobody has decided. */
export async function hasPendingRequest(
  db: Kysely<Database>,
  { userId, tableId }: Pick<AccessRequest, 'userId' | 'tableId'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('access_requests')
    .select('id')
    .where('user_id', '=', userId)
    .where('table_id', '=', tableId)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return row !== undefined;
}

/** Which requests are listed: at most `limit` from behind `before` on; of everybody and of any status unless given. */
export interface AccessRequestPage {
  limit: number;
  before?: { at: Date; id: string };
  userId?: string;
  /** Only requests for these tables. */
  tableIds?: readonly string[];
  status?: AccessRequestStatus;
}

/** Requests, newest first. */
export async function selectAccessRequestPage(db: Kysely<Database>, page: AccessRequestPage): Promise<AccessRequest[]> {
  const { limit, before, userId, tableIds, status } = page;
  if (tableIds?.length === 0) return [];
  let query = db
    .selectFrom('access_requests')
    .selectAll()
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (tableIds !== undefined) query = query.where('table_id', 'in', tableIds);
  if (status !== undefined) query = query.where('status', '=', status);
  if (before) {
    query = query.where((where) =>
      where.or([
        where('requested_at', '<', before.at),
        where.and([where('requested_at', '=', before.at), where('id', '<', before.id)]),
      ]),
    );
  }
  return (await query.execute()).map(toAccessRequest);
}

function toRow(request: AccessRequest): AccessRequestsTable {
  return {
    id: request.id,
    user_id: request.userId,
    table_id: request.tableId,
    reason: request.reason,
    status: request.status,
    requested_at: request.requestedAt,
    decided_at: request.decidedAt,
    decided_by: request.decidedBy,
    note: request.note,
    expires_at: request.expiresAt,
  };
}

function toAccessRequest(row: AccessRequestsTable): AccessRequest {
  return {
    id: row.id,
    userId: row.user_id,
    tableId: row.table_id,
    reason: row.reason,
    status: row.status,
    requestedAt: row.requested_at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    note: row.note,
    expiresAt: row.expires_at,
  };
}
