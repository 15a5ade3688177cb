import type { WriteTransaction } from '../store/store.ts';
import { deleteMembershipsOf } from './external-group.store.ts';

/** Takes a user out of every external group inside a transaction; resolves to how many memberships there were. */
export function removeExternalGroupsOf(tx: WriteTransaction, userId: string): Promise<number> {
  return deleteMembershipsOf(tx, userId);
}
