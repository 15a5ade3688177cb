import type { Services } from '../operation/services.ts';
import { selectTokensOf } from './token.store.ts';
import type { Token } from './token.ts';

/** A user's tokens, newest first, revoked and expired ones too. */
export function readTokensOf(services: Services, userId: string): Promise<Token[]> {
  return selectTokensOf(services.store.db, userId);
}
