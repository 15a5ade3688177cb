import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Session } from './session.ts';

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
}

/** Inserts a session and tells the credential index. */
export async function insertSession(tx: WriteTransaction, session: Session): Promise<void> {
  await tx.db
    .insertInto('sessions')
    .values({
      id: session.id,
      secret_hash: session.secretHash,
      user_id: session.userId,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
    })
    .execute();
  const { id, secretHash, userId, expiresAt } = session;
  tx.emit('credential', {
    op: 'put',
    row: { kind: 'session', id, secretHash, userId, expiresAt: expiresAt.getTime() },
  });
}

/** Every stored session, for the credential index at start. */
export async function selectSessions(db: Kysely<Database>): Promise<Session[]> {
  const rows = await db.selectFrom('sessions').selectAll().execute();
  return rows.map((row) => ({
    id: row.id,
    secretHash: row.secret_hash,
    userId: row.user_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }));
}
