import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import { indexedNarrowing, type Token } from './token.ts';

declare module '../store/database.ts' {
  interface Database {
    tokens: TokensTable;
    token_addresses: TokenAddressesTable;
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
  last_used_address: string | null;
  read_only: boolean | null;
  table_ids: string | null;
  role_keys: string | null;
}

interface TokenAddressesTable {
  token_id: string;
  address: string;
  first_used_at: Date;
}

/** Inserts a token and tells the credential index. */
export async function insertToken(tx: WriteTransaction, token: Token, secretHash: string): Promise<void> {
  const { narrowing } = token;
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
      last_used_address: token.lastUsedAddress,
      read_only: narrowing.readOnly,
      table_ids: narrowing.tableIds && JSON.stringify(narrowing.tableIds),
      role_keys: narrowing.roleKeys && JSON.stringify(narrowing.roleKeys),
    })
    .execute();
  tx.emit('credential', {
    op: 'put',
    row: {
      kind: 'pat',
      id: token.id,
      secretHash,
      userId: token.userId,
      expiresAt: token.expiresAt?.getTime() ?? null,
      ...indexedNarrowing(narrowing),
    },
  });
}

/** Marks a token as revoked and tells the credential index. */
export async function revokeStoredToken(tx: WriteTransaction, token: Token): Promise<void> {
  await tx.db.updateTable('tokens').set({ revoked_at: tx.at }).where('id', '=', token.id).execute();
  tx.emit('credential', { op: 'drop', row: { kind: 'pat', id: token.id, endedAt: tx.at.getTime() } });
}

/** Removes every token of this user and tells the credential index; resolves to how many there were. */
export async function deleteTokensOf(tx: WriteTransaction, userId: string): Promise<number> {
  const rows = await tx.db.deleteFrom('tokens').where('user_id', '=', userId).returning('id').execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await tx.db.deleteFrom('token_addresses').where('token_id', 'in', ids).execute();
  const endedAt = tx.at.getTime();
  for (const { id } of rows) tx.emit('credential', { op: 'drop', row: { kind: 'pat', id, endedAt } });
  return rows.length;
}

/** The token with this id, or null. */
export async function selectToken(db: Kysely<Database>, id: string): Promise<Token | null> {
  const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toToken(row) : null;
}

/** The tokens of these users, newest first. */
export async function selectTokensOf(db: Kysely<Database>, userIds: readonly string[]): Promise<Token[]> {
  if (userIds.length === 0) return [];
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toToken);
}

/** Tokens of everybody or of one user, newest first, from behind `before` on. */
export async function selectTokens(
  db: Kysely<Database>,
  page: { limit: number; before?: { at: Date; id: string }; userId?: string },
): Promise<Token[]> {
  const { before, userId } = page;
  let query = db.selectFrom('tokens').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.limit);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (before) {
    query = query.where((where) =>
      where.or([
        where('created_at', '<', before.at),
        where.and([where('created_at', '=', before.at), where('id', '<', before.id)]),
      ]),
    );
  }
  return (await query.execute()).map(toToken);
}

/** Tokens that were not revoked, with their hashes, for the credential index at start. */
export async function selectLiveTokens(db: Kysely<Database>): Promise<(Token & { secretHash: string })[]> {
  const rows = await db.selectFrom('tokens').selectAll().where('revoked_at', 'is', null).execute();
  return rows.map((row) => ({ ...toToken(row), secretHash: row.secret_hash }));
}

/** The `most` tokens that were revoked last, with their hashes, in the order in which they were. */
export async function selectRevokedTokens(
  db: Kysely<Database>,
  most: number,
): Promise<(Token & { secretHash: string })[]> {
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .where('revoked_at', 'is not', null)
    .orderBy('revoked_at', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({ ...toToken(row), secretHash: row.secret_hash })).toReversed();
}

/** When and from where a token was used. */
export interface TokenUse {
  at: Date;
  address: string;
}

/** Writes when and from where tokens were last used, in one statement each. */
export async function updateLastUsed(tx: WriteTransaction, lastUsed: ReadonlyMap<string, TokenUse>): Promise<void> {
  for (const [id, { at, address }] of lastUsed) {
    await tx.db
      .updateTable('tokens')
      .set({ last_used_at: at, last_used_address: address })
      .where('id', '=', id)
      .execute();
  }
}

/** Remembers from where a token was used for the first time; what is known already, or of a token that is gone, is left out. */
export async function insertTokenAddress(tx: WriteTransaction, tokenId: string, use: TokenUse): Promise<void> {
  if (!(await selectToken(tx.db, tokenId))) return;
  await tx.db
    .insertInto('token_addresses')
    .values({ token_id: tokenId, address: use.address, first_used_at: use.at })
    .onConflict((conflict) => conflict.columns(['token_id', 'address']).doNothing())
    .execute();
}

/** Every address from which any token was ever used. */
export async function selectTokenAddresses(db: Kysely<Database>): Promise<{ id: string; address: string }[]> {
  const rows = await db.selectFrom('token_addresses').select(['token_id', 'address']).execute();
  return rows.map((row) => ({ id: row.token_id, address: row.address }));
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
    lastUsedAddress: row.last_used_address,
    narrowing: {
      readOnly: row.read_only ?? false,
      tableIds: row.table_ids === null ? null : (JSON.parse(row.table_ids) as string[]),
      roleKeys: row.role_keys === null ? null : (JSON.parse(row.role_keys) as string[]),
    },
  };
}
