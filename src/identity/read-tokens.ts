import type { Services } from '../operation/services.ts';
import { selectTokens, selectTokensOf } from './token.store.ts';
import type { Token } from './token.ts';

/** The tokens of each of these users, newest first, revoked and expired ones too, each list at its user's place. */
export async function readTokensOf(services: Services, userIds: readonly string[]): Promise<Token[][]> {
  const tokens = await selectTokensOf(services.store.db, userIds);
  return userIds.map((userId) => tokens.filter((token) => token.userId === userId));
}

/** At most `limit` tokens of everybody, or of one user, newest first, from behind `before` on. */
export function listTokens(
  services: Services,
  page: { limit: number; before?: { at: Date; id: string }; userId?: string },
): Promise<Token[]> {
  return selectTokens(services.store.db, page);
}
