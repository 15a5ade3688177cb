import { hashOfUnhashed } from '../identity/predecessor-tokens.ts';
import { firstTimes, rowsOf, type Upgrade } from './upgrade.ts';

/** Takes over personal access tokens: who shows one is known by its hash, or by its id where the predecessor kept none. */
export async function takeTokens(upgrade: Upgrade): Promise<void> {
  const { ledger, users, at } = upgrade;
  const [isFirstId, isFirstHash] = [firstTimes(), firstTimes()];
  for await (const row of rowsOf(upgrade, 'personal_access_tokens')) {
    const [id, userId, hash] = [row.text('id') ?? '', row.text('user_id') ?? '', row.text('token_hash') ?? ''];
    const secretHash = hash === '' ? hashOfUnhashed(id) : hash;
    const hasLostEnd = ['expires_at', 'revoked_at'].some((end) => row.holds(end) && row.instant(end) === null);
    const reason =
      (!users.has(userId) && 'its owner is gone') ||
      (hasLostEnd && 'when it ends, or was revoked, is no time that can be kept') ||
      (!isFirstId(id) && 'another token has the same id') ||
      (!isFirstHash(secretHash) && 'another token has the same hash');
    if (reason) {
      await ledger.left(row, { key: id, reason });
      continue;
    }
    const [address, lastUsedAt] = [row.text('last_used_ip'), row.instant('last_used_at')];
    await ledger.put('tokens', {
      id,
      secret_hash: secretHash,
      user_id: userId,
      name: row.text('name') ?? '',
      prefix: row.text('prefix') ?? id.slice(0, 8),
      created_at: row.instant('created_at') ?? at,
      expires_at: row.instant('expires_at'),
      revoked_at: row.instant('revoked_at'),
      last_used_at: lastUsedAt,
      last_used_address: address,
      read_only: null,
      table_ids: null,
      role_keys: null,
    });
    if (address !== null) {
      await ledger.put('token_addresses', { token_id: id, address, first_used_at: lastUsedAt ?? at });
    }
    await ledger.took(row, id);
  }
}
