/** A token as the lists ask for it. */
export interface ListedToken {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedAddress: string | null;
}

/** The columns that every list of tokens has. */
export const tokenColumns = [
  'id',
  'name',
  'prefix',
  'created_at',
  'expires_at',
  'revoked_at',
  'last_used_at',
  'last_used_address',
].map((name) => ({ name, type: 'VARCHAR' }));

/** The values of a token, in the order of `tokenColumns`. */
export function tokenRow(token: ListedToken): unknown[] {
  const { id, name, prefix, createdAt, expiresAt, revokedAt, lastUsedAt, lastUsedAddress } = token;
  return [id, name, prefix, createdAt, expiresAt, revokedAt, lastUsedAt, lastUsedAddress];
}
