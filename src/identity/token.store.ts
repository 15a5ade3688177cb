import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Token } from './token.ts';

declare module '../store/database.ts' {
  interface Database {
    tokens: TokensTable;
  }
}

interface TokensTable {
  id: string;
  secret_hash: string;
  user_id: string;
  name: string;
  prefix: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

/** Inserts a token and tells the credential index. */
export async function insertToken(tx: WriteTransaction, token: Token, secretHash: string): Promise<void> {
  await tx.db
    .insertInto('tokens')
    .values({
      id: token.id,
      secret_hash: secretHash,
      user_id: token.userId,
      name: token.name,
      prefix: token.prefix,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      revoked_at: token.revokedAt,
      last_used_at: token.lastUsedAt,
    })
    .execute();
  tx.emit('credential', {
    op: 'put',
    row: { kind: 'pat', id: token.id, secretHash, userId: token.userId, expiresAt: token.expiresAt?.getTime() ?? null },
  });
}

/** Marks a token as revoked and tells the credential index. */
export async function revokeStoredToken(tx: WriteTransaction, token: Token): Promise<void> {
  await tx.db.updateTable('tokens').set({ revoked_at: tx.at }).where('id', '=', token.id).execute();
  tx.emit('credential', { op: 'drop', row: { kind: 'pat', id: token.id } });
}

/** The token with this id, or null. */
export async function selectToken(db: Kysely<Database>, id: string): Promise<Token | null> {
  const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toToken(row) : null;
}

/** A user's tokens, newest first. */
export async function selectTokensOf(db: Kysely<Database>, userId: string): Promise<Token[]> {
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(toToken);
}

/** Tokens that were not revoked, with their hashes, for the credential index at start. */
export async function selectLiveTokens(db: Kysely<Database>): Promise<(Token & { secretHash: string })[]> {
  const rows = await db.selectFrom('tokens').selectAll().where('revoked_at', 'is', null).execute();
  return rows.map((row) => ({ ...toToken(row), secretHash: row.secret_hash }));
}

/** Writes when tokens were last used, in one statement each. */
export async function updateLastUsed(tx: WriteTransaction, lastUsed: ReadonlyMap<string, Date>): Promise<void> {
  for (const [id, at] of lastUsed) {
    await tx.db.updateTable('tokens').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

function toToken(row: Selectable<TokensTable>): Token {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}
