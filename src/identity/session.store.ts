import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Session, SessionDoor } from './session.ts';

declare module '../store/database.ts' {
  interface Database {
    sessions: SessionsTable;
  }
}

interface SessionsTable {
  id: string;
  secret_hash: string;
  user_id: string;
  created_at: Date;
  expires_at: Date;
  door: SessionDoor;
  device: string | null;
  address: string | null;
  /** Null: not since it was opened. */
  last_used_at: Date | null;
}

/** Inserts a session and tells the credential index. */
export async function insertSession(tx: WriteTransaction, session: Session, secretHash: string): Promise<void> {
  await tx.db
    .insertInto('sessions')
    .values({
      id: session.id,
      secret_hash: secretHash,
      user_id: session.userId,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
      door: session.door,
      device: session.device,
      address: session.address,
      last_used_at: session.lastUsedAt,
    })
    .execute();
  const { id, userId, expiresAt, lastUsedAt } = session;
  tx.emit('credential', {
    op: 'put',
    row: {
      kind: 'session',
      id,
      secretHash,
      userId,
      expiresAt: expiresAt.getTime(),
      lastUsedAt: lastUsedAt.getTime(),
    },
  });
}

/** Removes a session and tells the credential index; whether it was there. */
export async function deleteSession(tx: WriteTransaction, id: string): Promise<boolean> {
  const rows = await tx.db.deleteFrom('sessions').where('id', '=', id).returning('id').execute();
  dropCredentials(tx, rows);
  return rows.length > 0;
}

/** Removes every session of this user but `kept`, and tells the credential index; resolves to how many there were. */
export async function deleteSessionsOf(tx: WriteTransaction, userId: string, kept?: string): Promise<number> {
  let removal = tx.db.deleteFrom('sessions').where('user_id', '=', userId);
  if (kept !== undefined) removal = removal.where('id', '!=', kept);
  const rows = await removal.returning('id').execute();
  dropCredentials(tx, rows);
  return rows.length;
}

function dropCredentials(tx: WriteTransaction, rows: readonly { id: string }[]): void {
  const endedAt = tx.at.getTime();
  for (const { id } of rows) tx.emit('credential', { op: 'drop', row: { kind: 'session', id, endedAt } });
}

/** The session with this id, or null. */
export async function selectSession(db: Kysely<Database>, id: string): Promise<Session | null> {
  const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toSession(row) : null;
}

/** The sessions of these users, newest first. */
export async function selectSessionsOf(db: Kysely<Database>, userIds: readonly string[]): Promise<Session[]> {
  if (userIds.length === 0) return [];
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toSession);
}

/** Every stored session with the hash of its secret, for the credential index at start. */
export async function selectSessions(db: Kysely<Database>): Promise<(Session & { secretHash: string })[]> {
  const rows = await db.selectFrom('sessions').selectAll().execute();
  return rows.map((row) => ({ ...toSession(row), secretHash: row.secret_hash }));
}

/** Writes when sessions were last used, by id. */
export async function updateSessionsUsed(tx: WriteTransaction, lastUsed: ReadonlyMap<string, Date>): Promise<void> {
  for (const [id, at] of lastUsed) {
    await tx.db.updateTable('sessions').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

function toSession(row: Selectable<SessionsTable>): Session {
  return {
    id: row.id,
    userId: row.user_id,
    door: row.door,
    device: row.device,
    address: row.address,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? row.created_at,
    expiresAt: row.expires_at,
  };
}
