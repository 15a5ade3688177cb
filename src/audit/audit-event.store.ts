import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { AuditEvent, AuditPage } from './audit-event.ts';

declare module '../store/database.ts' {
  interface Database {
    audit_events: AuditEventsTable;
  }
}

interface AuditEventsTable {
  id: string;
  at: Date;
  actor_id: string | null;
  actor: string;
  credential: string;
  action: string;
  resource: string;
  details: string;
  request_id: string;
}

/** Inserts audit rows in one statement. */
export async function insertAuditEvents(db: Kysely<Database>, events: readonly AuditEvent[]): Promise<void> {
  await db
    .insertInto('audit_events')
    .values(
      events.map((event) => ({
        id: event.id,
        at: event.at,
        actor_id: event.actorId,
        actor: event.actor,
        credential: event.credential,
        action: event.action,
        resource: event.resource,
        details: JSON.stringify(event.details),
        request_id: event.requestId,
      })),
    )
    .execute();
}

/** Audit rows that have all that the page names, newest first, from behind `before` on. */
export async function selectAuditEvents(db: Kysely<Database>, page: AuditPage): Promise<AuditEvent[]> {
  let query = db.selectFrom('audit_events').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(page.limit);
  const { before, actor, action, actionPrefix, resource, since, until } = page;
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined) query = query.where('action', '=', action);
  if (actionPrefix !== undefined) query = query.where(sql<boolean>`starts_with(action, ${actionPrefix})`);
  if (resource !== undefined) query = query.where('resource', '=', resource);
  if (since !== undefined) query = query.where('at', '>=', since);
  if (until !== undefined) query = query.where('at', '<', until);
  if (before) {
    query = query.where((where) =>
      where.or([where('at', '<', before.at), where.and([where('at', '=', before.at), where('id', '<', before.id)])]),
    );
  }
  return (await query.execute()).map(toAuditEvent);
}

/** The audit row with this id, or null. */
export async function selectAuditEvent(db: Kysely<Database>, id: string): Promise<AuditEvent | null> {
  const row = await db.selectFrom('audit_events').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toAuditEvent(row) : null;
}

function toAuditEvent(row: Selectable<AuditEventsTable>): AuditEvent {
  return {
    id: row.id,
    at: row.at,
    actorId: row.actor_id,
    actor: row.actor,
    credential: row.credential,
    action: row.action,
    resource: row.resource,
    details: JSON.parse(row.details) as unknown,
    requestId: row.request_id,
  };
}
